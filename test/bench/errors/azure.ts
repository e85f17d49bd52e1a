import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceBusClient } from '@azure/service-bus';
import { type Child, startChild } from '../../../infra/local/child.ts';
import declaration from '../../../infra/local/declaration.json' with { type: 'json' };
import { root } from '../../../infra/local/root.ts';
import { portsFrom } from '../../../infra/local/stack-ports.ts';
import { tokenOf } from '../../../infra/local/stack-secrets.ts';
import { declareStorage, storageConnection } from '../../../infra/local/stack-storage.ts';
import { appsFile } from '../apps-file.ts';
import { APPS, type Message } from './reports.ts';

/** A broker and a storage account, as processes of their own, and one Functions app at a time on them. */
export interface ErrorAzure {
  storage: { connectionString: string; blobPort: number; tablePort: number };
  send(messages: Message[]): Promise<void>;
  /** Resolves once no message is left in the queue, under lock or not. */
  drained(): Promise<void>;
  /** Starts a built app; it uses the tables at the given connection string. */
  start(appDir: string, storage: string): Promise<RunningApp>;
  close(): Promise<void>;
}

export interface RunningApp {
  ask(path: string): Promise<unknown>;
  run(timer: string): Promise<void>;
  stop(): Promise<void>;
}

const QUEUE = 'error-reports';
const WITHIN_MS = 60_000;
const TOKEN = 'a-token-for-the-bench';

export async function startErrorAzure(dir: string): Promise<ErrorAzure> {
  const ports = await portsFrom(0, 5);
  const logDir = join(dir, 'logs');
  const storagePorts = { blobPort: ports(), queuePort: ports(), tablePort: ports() };
  const [busPort, servicePort] = [ports(), ports()];
  const bus = {
    port: busPort,
    dataDir: join(dir, 'service-bus'),
    keyName: 'local',
    key: 'a-key-for-the-bench',
    entities: declaration.serviceBus,
  };
  const [broker, storage] = await Promise.all([
    startChild<{ connectionString: string }>('service-bus', bus, { logDir }),
    startChild('storage', storagePorts, { logDir }),
  ]);
  const connectionString = storageConnection(storagePorts);
  await declareStorage(connectionString);
  const client = new ServiceBusClient(broker.addresses.connectionString);
  const sender = client.createSender(QUEUE);

  const receiver = client.createReceiver(QUEUE);

  return {
    storage: { connectionString, ...storagePorts },
    async send(messages) {
      let batch = await sender.createMessageBatch();
      for (const message of messages) {
        if (batch.tryAddMessage(message)) continue;
        await sender.sendMessages(batch);
        batch = await sender.createMessageBatch();
        if (!batch.tryAddMessage(message)) throw new Error('one message alone is too large');
      }
      await sender.sendMessages(batch);
    },
    async drained() {
      const until = Date.now() + WITHIN_MS;
      let [oldest] = await receiver.peekMessages(1);
      while (oldest !== undefined) {
        if (Date.now() > until)
          throw new Error(`the queue ${QUEUE} is not empty after ${WITHIN_MS / 1_000} s; see the logs`);
        await sleep(50);
        // Without a number each look goes on behind the one before it, and what still lies under lock is passed over.
        [oldest] = await receiver.peekMessages(1, { fromSequenceNumber: oldest.sequenceNumber ?? fault() });
      }
    },
    async start(appDir, tables) {
      const env = {
        ServiceBus: broker.addresses.connectionString,
        Storage: tables,
        AzureWebJobsStorage: connectionString,
        WEBSITE_HOSTNAME: `127.0.0.1:${servicePort}`,
        WARMSWAP_APPS_FILE: appsFile(dir, APPS),
        WARMSWAP_TOKENS: JSON.stringify([tokenOf('bench', TOKEN)]),
      };
      const config = { appDir: join(root, appDir), port: servicePort, env, timers: false };
      return runningApp(await startChild('functions-host', config, { logDir }), `http://127.0.0.1:${servicePort}`);
    },
    async close() {
      await client.close();
      await Promise.all([broker.stop(), storage.stop()]);
    },
  };
}

function fault(): never {
  throw new Error('a message without a sequence number');
}

function runningApp(child: Child<unknown>, origin: string): RunningApp {
  const call = async (path: string, init: RequestInit): Promise<Response> => {
    const answer = await fetch(`${origin}${path}`, { ...init, signal: AbortSignal.timeout(20_000) });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
    return answer;
  };
  return {
    ask: async (path) => (await call(path, { headers: { authorization: `Bearer ${TOKEN}` } })).json(),
    async run(timer) {
      await call(`/admin/functions/${timer}`, { method: 'POST', body: '{}' });
    },
    stop: () => child.stop(),
  };
}
