import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ServiceBusClient } from '@azure/service-bus';
import { afterEach, expect, test } from 'vitest';
import { eventually, writeApp } from './fixture-app.ts';

const built = fileURLToPath(new URL('../../../dist/local', import.meta.url));
const folders: string[] = [];
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Part {
  child: ChildProcess;
  /** The line that says where the part answers. */
  ready: Record<string, string>;
  lines: Record<string, unknown>[];
  said(): Record<string, unknown>[];
  ended: Promise<unknown[]>;
}

/** Runs a built part as a process of its own, as the local Azure does. */
async function run(part: string, config: object): Promise<Part> {
  const child = spawn(process.execPath, [join(built, `${part}.js`), JSON.stringify(config)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines: Record<string, unknown>[] = [];
  createInterface({ input: child.stdout }).on('line', (line) =>
    lines.push(JSON.parse(line) as Record<string, unknown>),
  );
  const ended = once(child, 'exit');
  const ready = (await eventually(() => lines.find((line) => line.ready), 10_000)) as Record<string, string>;
  const said = (): Record<string, unknown>[] =>
    lines
      .filter((line) => line.function !== undefined && String(line.message).startsWith('{'))
      .map((line) => JSON.parse(String(line.message)) as Record<string, unknown>);
  return { child, ready, lines, said, ended };
}

async function folder(make: Promise<string> | string): Promise<string> {
  const dir = await make;
  folders.push(dir);
  return dir;
}

const app = `
app.serviceBusQueue('lanes', { connection: 'Bus', queueName: 'lanes', isSessionsEnabled: true, handler: async (message, context) => {
  context.log(JSON.stringify({ began: message.n, pid: process.pid }));
  if (message.wait) await new Promise((r) => setTimeout(r, message.wait));
  context.log(JSON.stringify({ ended: message.n }));
} });
app.http('slow', { handler: async (request, context) => { context.log('{"slow":true}'); await new Promise((r) => setTimeout(r, 700)); return { body: 'done' }; } });
app.hook.appTerminate(() => console.log(JSON.stringify({ terminated: true })));
`;
const hostJson = { functionTimeout: '00:00:02', extensions: { serviceBus: { sessionIdleTimeout: '00:00:00.5' } } };
const queues = { lanes: { requiresSession: true, lockSeconds: 5, maxDeliveryCount: 3 } };

async function startBoth(): Promise<{
  broker: Part;
  host: Part;
  again(): Promise<Part>;
  brokerConfig: { port: number };
}> {
  const dataDir = await folder(mkdtempSync(join(tmpdir(), 'functions-host-bus-')));
  const brokerConfig = { port: 0, dataDir, keyName: 'local', key: 'secret', entities: { queues, topics: {} } };
  const broker = await run('service-bus', brokerConfig);
  brokerConfig.port = Number(broker.ready.port);
  const appDir = await folder(writeApp(app, hostJson));
  const again = (): Promise<Part> =>
    run('functions-host', { appDir, port: 0, env: { Bus: broker.ready.connectionString } });
  return { broker, host: await again(), again, brokerConfig };
}

async function send(connectionString: string | undefined, body: { n: number; wait?: number }): Promise<void> {
  const client = new ServiceBusClient(connectionString ?? '');
  await client.createSender('lanes').sendMessages({ body, sessionId: 'a' });
  await client.close();
}

test('a host that is killed leaves its message to the next host', async () => {
  const { broker, host, again } = await startBoth();
  await send(broker.ready.connectionString, { n: 1, wait: 1_500 });
  await eventually(() => host.said().some((one) => one.began === 1));
  host.child.kill('SIGKILL');
  await host.ended;
  const next = await again();
  await eventually(() => next.said().some((one) => one.ended === 1), 25_000);
});

test('a host goes on by itself after the broker was killed and came back', async () => {
  const { broker, host, brokerConfig } = await startBoth();
  await send(broker.ready.connectionString, { n: 1 });
  await eventually(() => host.said().some((one) => one.ended === 1));
  // Long enough for the host to have given the session back: now only an accept waits at the broker.
  await new Promise((resolve) => setTimeout(resolve, 800));
  broker.child.kill('SIGKILL');
  await broker.ended;
  await run('service-bus', brokerConfig);
  await send(broker.ready.connectionString, { n: 2 });
  await eventually(() => host.said().some((one) => one.ended === 2), 25_000);
});

test('a host that is asked to end answers what runs, ends its hooks and exits with 0', async () => {
  const { host } = await startBoth();
  const answer = fetch(`${host.ready.service}/api/slow`);
  await eventually(() => host.said().some((one) => one.slow));
  host.child.kill('SIGTERM');
  expect(await (await answer).text()).toBe('done');
  expect(await host.ended).toEqual([0, null]);
  expect(host.lines).toContainEqual({ terminated: true });
});

test('a function over functionTimeout ends the process, so that its code stops', async () => {
  const { broker, host } = await startBoth();
  await send(broker.ready.connectionString, { n: 1, wait: 60_000 });
  expect(await host.ended).toEqual([75, null]);
  expect(host.lines).toContainEqual(expect.objectContaining({ level: 'critical' }));
});
