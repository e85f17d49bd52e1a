import type { ServiceBusClient } from '@azure/service-bus';
import type { HostJson } from './host-json.ts';
import type { Log } from './host-log.ts';
import type { ServiceBusFunction } from './indexing.ts';
import type { Invocations } from './invocations.ts';
import { listenBatch } from './listen-batch.ts';
import { listenSessions } from './listen-sessions.ts';
import { listenSingle } from './listen-single.ts';
import type { Listener, Listening } from './listener.ts';
import { openServiceBus } from './service-bus-client.ts';

export interface Listeners {
  /** Ends receiving; resolves when what was in hand is settled. */
  stop(): Promise<void>;
  /** Closes the connections. */
  close(): Promise<void>;
}

/** How long closing a connection may take: behind a link that is being opened the client would hang for a whole timeout. */
const closeMs = 1_000;

/** Starts listening for every Service Bus function that is not disabled; one connection for each connection setting. */
export async function startListeners(
  functions: ServiceBusFunction[],
  parts: { options: HostJson['serviceBus']; invocations: Invocations; log: Log },
): Promise<Listeners> {
  const clients = new Map<string, ServiceBusClient>();
  const listeners: Listener[] = [];
  for (const fn of functions.filter((one) => !one.disabled)) {
    const key = JSON.stringify(fn.connection);
    const client = clients.get(key) ?? (await openServiceBus(fn.connection));
    clients.set(key, client);
    listeners.push(listen({ fn, client, ...parts }));
  }
  return {
    async stop() {
      await Promise.all(listeners.map((listener) => listener.stop()));
    },
    async close() {
      await Promise.all([...clients.values()].map(closeInTime));
    },
  };
}

function listen(listening: Listening): Listener {
  if (listening.fn.sessions) return listenSessions(listening);
  return listening.fn.batch ? listenBatch(listening) : listenSingle(listening);
}

async function closeInTime(client: ServiceBusClient): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closeMs);
  });
  await Promise.race([client.close().catch(() => undefined), late]);
  clearTimeout(timer);
}
