import { ServiceBusClient, type ServiceBusClientOptions } from '@azure/service-bus';
import type { Connection } from './app-settings.ts';

/**
 * How long one operation may take, in milliseconds. When the connection dies, an operation that runs waits this long
 * before it is given up, and an "accept the next session" is one long poll of this length: a broker that came back would
 * be noticed that late. Azure's default is a minute; a laptop has no such latencies.
 */
export const operationMs = 5_000;

const options: ServiceBusClientOptions = {
  // The loops of this host try again by themselves; inside the client a retry would only hide a failure for a while.
  retryOptions: { timeoutInMs: operationMs, maxRetries: 0, retryDelayInMs: 250, maxRetryDelayInMs: 2_000 },
};

/** Opens a client; nothing is sent before its first receiver. With an identity it takes what the environment offers. */
export async function openServiceBus(connection: Connection): Promise<ServiceBusClient> {
  if ('connectionString' in connection) return new ServiceBusClient(connection.connectionString, options);
  const { DefaultAzureCredential } = await import('@azure/identity');
  const { fullyQualifiedNamespace, clientId } = connection;
  const credential = new DefaultAzureCredential(clientId ? { managedIdentityClientId: clientId } : {});
  return new ServiceBusClient(fullyQualifiedNamespace, credential, options);
}
