import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { GROUP, type LocalAzure, localAzure, SUBSCRIPTION, until } from './local-azure.ts';
import { sampleZip } from './sample-zip.ts';

/** A topic that takes what is told, except while it is out. */
const told: Record<string, unknown>[] = [];
const keys = new Set<unknown>();
let isOut = false;
const topic = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (!isOut) told.push(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>);
    keys.add(request.headers['aeg-sas-key']);
    response.writeHead(isOut ? 503 : 200).end();
  });
});

let azure: LocalAzure;
beforeAll(async () => {
  await new Promise<void>((listening) => topic.listen(0, '127.0.0.1', listening));
  const { port } = topic.address() as AddressInfo;
  azure = await localAzure({ events: { endpoint: `http://127.0.0.1:${port}/api/events`, key: 'a key' } });
  await azure.publish('staging', sampleZip({ version: '2.0.0' }));
});
afterAll(async () => {
  await azure.end();
  topic.closeAllConnections();
  topic.close();
});
beforeEach(() => {
  told.length = 0;
  isOut = false;
});

const types = () => told.map(({ type }) => String(type).replace('Microsoft.Web.', '')).sort();
const count = (number: number) => until(async () => told.length >= number);
const swap = (id: string) =>
  azure.client().webApps.swapSlot(
    GROUP,
    'storefront',
    'staging',
    { targetSlot: 'production', preserveVnet: true },
    {
      requestOptions: { headers: { 'x-ms-client-request-id': id } },
      updateIntervalInMs: 20,
    },
  );

test('a swap is told of when it starts and when it is complete, in the shape of App Service, under the id of its request', async () => {
  await swap('request-1');
  await count(2);
  expect(types()).toEqual(['SlotSwapCompleted', 'SlotSwapStarted']);
  expect(new Set(told.map(({ id }) => id)).size).toBe(2);
  for (const event of told)
    expect(event).toMatchObject({
      specversion: '1.0',
      source: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers/Microsoft.Web/sites/storefront`,
      subject: '/Microsoft.Web/sites/storefront',
      data: {
        name: 'storefront',
        clientRequestId: 'request-1',
        sourceSlot: 'staging',
        targetSlot: 'production',
        verb: 'POST',
      },
    });
  expect([...keys]).toEqual(['a key']);
});

test('a swap that fails in its warm-up is told of as failed', async () => {
  await azure.control('POST', 'faults', { fault: 'swap-fails-after-acceptance', site: 'storefront' });
  await expect(swap('request-2')).rejects.toThrow();
  await count(2);
  expect(types()).toEqual(['SlotSwapFailed', 'SlotSwapStarted']);
});

test('a person’s swap has an id that is none of ours, the same at its start and its end', async () => {
  await azure.control('POST', 'person', { site: 'storefront', act: 'swap', slot: 'staging', wait: true });
  await count(2);
  const ids = told.map(({ data }) => (data as { clientRequestId: string }).clientRequestId);
  expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(ids[1]).toBe(ids[0]);
});

test('a preview is told of, and its end', async () => {
  const { webApps } = azure.client();
  await webApps.applySlotConfigurationSlot(GROUP, 'storefront', 'staging', {
    targetSlot: 'production',
    preserveVnet: true,
  });
  await count(1);
  await webApps.resetSlotConfigurationSlot(GROUP, 'storefront', 'staging');
  await count(2);
  expect(types()).toEqual(['SlotSwapWithPreviewCancelled', 'SlotSwapWithPreviewStarted']);
});

test('a topic that is out is told later, and the swap does not wait for it', async () => {
  isOut = true;
  await swap('request-3');
  expect(told).toEqual([]);
  isOut = false;
  await until(async () => types().includes('SlotSwapCompleted'));
});
