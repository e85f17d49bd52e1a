import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, expect, test } from 'vitest';
import { key, keyName } from './world.ts';

const broker = fileURLToPath(new URL('../../../dist/local/service-bus.js', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'service-bus-crash-'));
const entities = { queues: { load: { lockSeconds: 60, maxDeliveryCount: 100 } }, topics: {} };
const retryOptions = { timeoutInMs: 1_000, maxRetries: 0 };
let child: ChildProcess | undefined;
let port = 0;

afterAll(async () => {
  if (child !== undefined) await end(child, 'SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

test('kill -9 under load, four times: nothing acknowledged is lost, nothing completed reappears', async () => {
  const acknowledged = new Set<string>();
  const completing = new Set<string>();
  const completed = new Set<string>();
  const reappeared: string[] = [];
  for (let round = 0; round < 4; round += 1) {
    const connectionString = await start();
    const client = new ServiceBusClient(connectionString, { retryOptions });
    const stop = new AbortController();
    const load = Promise.all([
      ...[0, 1, 2].map((lane) => send(client, `${round}-${lane}`, acknowledged, stop.signal)),
      receive(client, { completing, completed, reappeared }, stop.signal),
    ]);
    // Not before enough is under way to lose, however busy the machine is.
    const enough = { acknowledged: acknowledged.size + 55, completed: completed.size + 15 };
    await expect
      .poll(() => acknowledged.size >= enough.acknowledged && completed.size >= enough.completed, { timeout: 20_000 })
      .toBe(true);
    await new Promise((resolve) => setTimeout(resolve, round * 150));
    if (child !== undefined) await end(child, 'SIGKILL');
    stop.abort();
    await load;
    // Its connection is gone; a clean end of it is not to be waited for.
    void client.close();
  }
  const client = new ServiceBusClient(await start(), { retryOptions: { timeoutInMs: 5_000, maxRetries: 1 } });
  const left = await readAll(client);
  await client.close();
  expect(left.filter((id) => completed.has(id))).toEqual([]);
  expect(reappeared).toEqual([]);
  // One whose completing was never answered may be there or not.
  const known = new Set([...left, ...completing]);
  expect([...acknowledged].filter((id) => !known.has(id))).toEqual([]);
  expect(acknowledged.size).toBeGreaterThan(200);
  expect(completed.size).toBeGreaterThan(50);
}, 90_000);

/** Sends one message after the other and notes those the broker has acknowledged. */
async function send(
  client: ServiceBusClient,
  lane: string,
  acknowledged: Set<string>,
  stop: AbortSignal,
): Promise<void> {
  const sender = client.createSender('load');
  for (let n = 0; !stop.aborted; n += 1) {
    const messageId = `${lane}-${n}`;
    try {
      await sender.sendMessages({ body: Buffer.alloc(500, 1), messageId });
      acknowledged.add(messageId);
    } catch {
      // The broker was killed with this one under way; whether it is kept is open, and both are right.
      return;
    }
  }
}

/** Completes about every other message and leaves the rest. */
async function receive(
  client: ServiceBusClient,
  { completing, completed, reappeared }: { completing: Set<string>; completed: Set<string>; reappeared: string[] },
  stop: AbortSignal,
): Promise<void> {
  const receiver = client.createReceiver('load', { maxAutoLockRenewalDurationInMs: 0 });
  while (!stop.aborted) {
    try {
      for (const message of await receiver.receiveMessages(20, { maxWaitTimeInMs: 50 })) {
        const id = String(message.messageId);
        if (completed.has(id)) reappeared.push(id);
        if (Number(id.at(-1)) % 2 === 0) continue;
        completing.add(id);
        await receiver.completeMessage(message);
        completed.add(id);
      }
    } catch {
      return;
    }
  }
}

async function readAll(client: ServiceBusClient): Promise<string[]> {
  const receiver = client.createReceiver('load');
  const ids: string[] = [];
  for (;;) {
    const messages = await receiver.peekMessages(500);
    if (messages.length === 0) return ids;
    ids.push(...messages.map(({ messageId }) => String(messageId)));
  }
}

/** Starts the built broker as a process of its own, always on the same port and folder; its connection string. */
function start(): Promise<string> {
  const started = spawn(process.execPath, [broker, JSON.stringify({ port, dataDir, keyName, key, entities })]);
  child = started;
  return new Promise((resolve, reject) => {
    let output = '';
    started.stderr.on('data', (chunk: Buffer) => reject(new Error(chunk.toString())));
    started.once('exit', (code) => reject(new Error(`the broker ended with ${code}`)));
    started.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (!output.includes('\n')) return;
      const ready = JSON.parse(output) as { port: number; connectionString: string };
      port = ready.port;
      resolve(ready.connectionString);
    });
  });
}

function end(process: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    process.once('exit', () => resolve());
    process.kill(signal);
  });
}
