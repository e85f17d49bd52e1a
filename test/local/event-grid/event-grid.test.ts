import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceBusClient, type ServiceBusReceivedMessage } from '@azure/service-bus';
import { afterEach, expect, test } from 'vitest';
import { startEventGrid } from '../../../infra/local/event-grid/event-grid.ts';
import type { RunningPart } from '../../../infra/local/part.ts';
import { startServiceBus } from '../../../infra/local/service-bus/service-bus.ts';
import { eventually } from '../../functions/eventually.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.close();
});
function kept<Part extends { close(): Promise<void> }>(part: Part): Part {
  open.push(part);
  return part;
}

const key = 'a key of this test';
const dir = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'event-grid-'));
  open.push({ close: async () => rmSync(made, { recursive: true, force: true }) });
  return made;
};
const bus = (port: number, dataDir: string) =>
  startServiceBus({
    port,
    dataDir,
    keyName: 'local',
    key,
    entities: { queues: { swaps: {}, restarts: {} }, topics: {} },
  });
const connectionOf = (port: number): string =>
  `Endpoint=sb://127.0.0.1:${port};SharedAccessKeyName=local;SharedAccessKey=${key};UseDevelopmentEmulator=true`;

/** Two subscriptions on one topic, each with a queue of its own. */
const grid = (connectionString: string): Promise<RunningPart<{ endpoint: string }>> =>
  startEventGrid({
    port: 0,
    key,
    subscriptions: [
      {
        name: 'of-swaps',
        includedEventTypes: ['Site.Swapped', 'Site.SwapFailed'],
        queue: { connectionString, name: 'swaps' },
      },
      { name: 'of-restarts', includedEventTypes: ['Site.Restarted'], queue: { connectionString, name: 'restarts' } },
    ],
  });

const event = (id: string, type = 'Site.Swapped') => ({
  specversion: '1.0',
  id,
  source: '/sites/shop',
  type,
  data: { from: 'staging' },
});

function publish(endpoint: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const type = `application/cloudevents${Array.isArray(body) ? '-batch' : ''}+json; charset=utf-8`;
  return fetch(endpoint, {
    method: 'POST',
    headers: { 'aeg-sas-key': key, 'content-type': type, connection: 'close', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** So many messages of a queue, in whatever order they came, by the real client. */
async function received(connectionString: string, queue: string, count: number): Promise<ServiceBusReceivedMessage[]> {
  const client = kept(new ServiceBusClient(connectionString));
  const receiver = client.createReceiver(queue, { receiveMode: 'receiveAndDelete' });
  const all: ServiceBusReceivedMessage[] = [];
  for (let tries = 0; all.length < count && tries < 20; tries += 1)
    all.push(...(await receiver.receiveMessages(count - all.length, { maxWaitTimeInMs: 2_000 })));
  return all.sort((a, b) => String(a.body.id).localeCompare(String(b.body.id)));
}

test('an event goes to the queues of those who asked for its type, one event a message, as it was published', async () => {
  const { addresses } = kept(await bus(0, dir()));
  const { endpoint } = kept(await grid(addresses.connectionString)).addresses;
  expect((await publish(endpoint, event('1'))).status).toBe(200);
  const batch = [event('2', 'site.swapfailed'), event('3', 'Site.Restarted'), event('4', 'Site.Painted'), event('5')];
  expect((await publish(endpoint, batch)).status).toBe(200);
  const swaps = await received(addresses.connectionString, 'swaps', 3);
  expect(swaps.map(({ body }) => body)).toEqual([event('1'), event('2', 'site.swapfailed'), event('5')]);
  expect(swaps[0]).toMatchObject({
    contentType: 'application/cloudevents+json; charset=utf-8',
    applicationProperties: { 'aeg-subscription-name': 'of-swaps', 'aeg-event-type': 'Notification' },
  });
  const restarts = await received(addresses.connectionString, 'restarts', 1);
  expect(restarts.map(({ body }) => body.id)).toEqual(['3']);
});

test('what a queue does not take is delivered when it does', async () => {
  const { port, met, release } = await nobodyAt();
  const { endpoint } = kept(await grid(connectionOf(port))).addresses;
  expect((await publish(endpoint, [event('1'), event('2')])).status).toBe(200);
  expect(
    await eventually(
      async () => met(),
      (times) => times >= 2,
    ),
  ).toBeGreaterThanOrEqual(2);
  await release();
  kept(await bus(port, dir()));
  const all = await received(connectionOf(port), 'swaps', 2);
  expect(all.map(({ body }) => body.id)).toEqual(['1', '2']);
  for (const { applicationProperties } of all) expect(applicationProperties?.['aeg-delivery-count']).toBeGreaterThan(0);
});

/** A port where whoever connects is sent away; `met`: how often that happened. */
async function nobodyAt(): Promise<{ port: number; met(): number; release(): Promise<void> }> {
  let times = 0;
  const server = createServer((socket) => {
    times += 1;
    socket.destroy();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    met: () => times,
    release: () => new Promise((closed) => server.close(() => closed())),
  };
}

test.each<[string, unknown, Record<string, string>, number]>([
  ['without the key', event('1'), { 'aeg-sas-key': '' }, 401],
  ['with another key', event('1'), { 'aeg-sas-key': 'another' }, 401],
  ['of another form', event('1'), { 'content-type': 'application/json' }, 415],
  ['that is no JSON', '{', {}, 400],
  ['without an id', { ...event('1'), id: undefined }, {}, 400],
  ['without a source', [event('1'), { ...event('2'), source: '' }], {}, 400],
  ['of another version', { ...event('1'), specversion: '0.3' }, {}, 400],
  ['a list that is said to be one', JSON.stringify([event('1')]), {}, 400],
  ['beyond a megabyte', { ...event('1'), pad: 'x'.repeat(1_100_000) }, {}, 413],
])('an event %s is refused, and nothing of it is delivered', async (_, body, headers, status) => {
  const { addresses } = kept(await bus(0, dir()));
  const { endpoint } = kept(await grid(addresses.connectionString)).addresses;
  const answer = await publish(endpoint, body, headers);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ error: { code: String(status), message: expect.any(String) } });
  // The next good one is the first to come.
  await publish(endpoint, event('good'));
  const [first] = await received(addresses.connectionString, 'swaps', 1);
  expect(first?.body.id).toBe('good');
});
