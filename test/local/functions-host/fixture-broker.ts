import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import type { ServiceBusConfig } from '../../../infra/local/service-bus/configuration.ts';
import { startServiceBus } from '../../../infra/local/service-bus/service-bus.ts';

export interface Broker {
  /** App settings that name this broker as the connection `Bus`. */
  env: Record<string, string>;
  send(entity: string, messages: ServiceBusMessage | ServiceBusMessage[]): Promise<void>;
  /** How many messages wait in a queue (or its dead-letter queue) without being locked or not. */
  count(queue: string, deadLetter?: boolean): Promise<number>;
  /** Ends the broker and starts it again on the same port with the same folder. */
  restart(downMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts the local broker with the given entities. */
export async function startBroker(entities: Partial<ServiceBusConfig['entities']>): Promise<Broker> {
  const dataDir = mkdtempSync(join(tmpdir(), 'functions-host-bus-'));
  const config = {
    port: 0,
    dataDir,
    keyName: 'local',
    key: 'secret',
    entities: { queues: {}, topics: {}, ...entities },
  };
  let part = await startServiceBus(config);
  const { port, connectionString } = part.addresses;
  const open = (): ServiceBusClient => new ServiceBusClient(connectionString, { retryOptions: { timeoutInMs: 5_000 } });
  let client = open();
  return {
    env: { Bus: connectionString },
    async send(entity, messages) {
      const sender = client.createSender(entity);
      await sender.sendMessages(messages);
      await sender.close();
    },
    async count(queue, deadLetter = false) {
      const receiver = client.createReceiver(queue, deadLetter ? { subQueueType: 'deadLetter' } : {});
      const { length } = await receiver.peekMessages(1_000);
      await receiver.close();
      return length;
    },
    async restart(downMs = 0) {
      await client.close();
      await part.close();
      await new Promise((resolve) => setTimeout(resolve, downMs));
      part = await startServiceBus({ ...config, port });
      client = open();
    },
    async close() {
      await client.close();
      await part.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
