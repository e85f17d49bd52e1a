import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { GROUP, type LocalAzure, localAzure, until } from './local-azure.ts';
import { sampleZip } from './sample-zip.ts';

let azure: LocalAzure;
beforeAll(async () => {
  azure = await localAzure();
  await azure.publish('staging', sampleZip({ version: '1.1.0' }));
  await until(async () => (await azure.ask('staging')).about.version === '1.1.0');
});
afterAll(() => azure.end());

const SWAPS = { method: 'POST', path: '/slotsswap' };
const operation = async () => {
  const { sites } = (await azure.control('GET', 'state')) as { sites: Record<string, { operation: unknown }> };
  return sites.storefront?.operation;
};
const liveVersion = async () => (await azure.ask('production')).about.version;

/** Sends a swap as the client does, once: its error, or nothing; and what was received of it. */
async function sendSwap(clientRequestId: string, timeoutMs = 5_000) {
  const { webApps } = azure.client();
  const poller = webApps.swapSlot(
    GROUP,
    'storefront',
    'staging',
    { targetSlot: 'production', preserveVnet: true },
    {
      requestOptions: { headers: { 'x-ms-client-request-id': clientRequestId } },
      abortSignal: AbortSignal.timeout(timeoutMs),
    },
  );
  const error = await poller.submitted().then(
    () => undefined,
    (thrown: { statusCode?: number; code?: string; name: string }) => thrown,
  );
  return { error, isDone: error === undefined && poller.isDone };
}
const receivedOf = async (id: string) =>
  (await azure.received()).filter(({ clientRequestId }) => clientRequestId === id);

afterEach(async () => {
  await azure.control('DELETE', 'faults');
  await until(async () => (await operation()) === null);
});

describe('a swap that runs into a fault', () => {
  test('refuse-409: refused, not taken, once', async () => {
    await azure.control('POST', 'faults', { match: SWAPS, fault: 'refuse-409' });
    const before = await liveVersion();
    expect((await sendSwap('refused')).error).toMatchObject({ statusCode: 409 });
    expect(await operation()).toBeNull();
    expect(await liveVersion()).toBe(before);
    expect(await receivedOf('refused')).toMatchObject([
      { status: 409, fault: 'refuse-409', applied: false, surface: 'arm' },
    ]);
    expect((await sendSwap('not refused')).error).toBeUndefined();
  });

  test('status: any status, headers and body, as often as asked', async () => {
    const throttled = {
      status: 429,
      headers: { 'retry-after': '7' },
      body: { error: { code: 'TooManyRequests', message: 'slowly' } },
    };
    await azure.control('POST', 'faults', { match: { ...SWAPS, times: 2 }, fault: 'status', ...throttled });
    for (const id of ['first', 'second'])
      expect((await sendSwap(id)).error).toMatchObject({ statusCode: 429, code: 'TooManyRequests' });
    expect(await operation()).toBeNull();
    await azure.control('POST', 'faults', { match: SWAPS, fault: 'status', status: 503, body: 'down' });
    expect((await sendSwap('third')).error).toMatchObject({ statusCode: 503 });
    expect((await sendSwap('fourth')).error).toBeUndefined();
  });

  test('reset-before: the connection breaks and nothing was taken', async () => {
    await azure.control('POST', 'faults', { match: SWAPS, fault: 'reset-before' });
    const before = await liveVersion();
    expect((await sendSwap('lost')).error).toMatchObject({ name: 'RestError', code: 'ECONNRESET' });
    await sleep(100);
    expect(await operation()).toBeNull();
    expect(await liveVersion()).toBe(before);
    expect(await receivedOf('lost')).toMatchObject([{ status: null, applied: false }]);
  });

  test('reset-after: the connection breaks although it was taken', async () => {
    await azure.control('POST', 'faults', { match: SWAPS, fault: 'reset-after' });
    const before = await liveVersion();
    expect((await sendSwap('unknown')).error).toMatchObject({ code: 'ECONNRESET' });
    await until(async () => (await liveVersion()) !== before);
    expect(await receivedOf('unknown')).toMatchObject([{ status: 202, applied: true }]);
  });

  test('late: it is taken after its sender gave up', async () => {
    await azure.control('POST', 'faults', { match: SWAPS, fault: 'late', delayMs: 3_000 });
    const before = await liveVersion();
    expect((await sendSwap('late')).error).toMatchObject({ code: 'ECONNRESET' });
    expect(await operation()).toBeNull();
    expect(await liveVersion()).toBe(before);
    await until(async () => (await liveVersion()) !== before);
    expect(await receivedOf('late')).toMatchObject([{ status: 202, applied: true, fault: 'late' }]);
  });

  test('hang: no answer until the client gives up, and not taken', async () => {
    await azure.control('POST', 'faults', { match: SWAPS, fault: 'hang' });
    const before = await liveVersion();
    expect((await sendSwap('hanging', 250)).error).toMatchObject({ name: 'AbortError' });
    expect(await liveVersion()).toBe(before);
    expect(await receivedOf('hanging')).toMatchObject([{ status: null, applied: false }]);
  });

  test('no-location: a 202 the client takes for the end', async () => {
    await azure.control('POST', 'faults', { match: SWAPS, fault: 'no-location' });
    const before = await liveVersion();
    expect(await sendSwap('no location')).toEqual({ error: undefined, isDone: true });
    expect(await liveVersion()).toBe(before);
    await until(async () => (await liveVersion()) !== before);
  });

  test('delay: answered later', async () => {
    await azure.control('POST', 'faults', { match: { path: '/sites/storefront\\?' }, fault: 'delay', delayMs: 300 });
    const from = Date.now();
    await azure.client().webApps.get(GROUP, 'storefront');
    expect(Date.now() - from).toBeGreaterThanOrEqual(295);
  });
});

test('a fault can meet Kudu alone', async () => {
  await azure.control('POST', 'faults', { match: { surface: 'kudu', path: '/api/zipdeploy' }, fault: 'refuse-409' });
  const body = Buffer.from(sampleZip({ version: '5' }));
  const refused = await azure.kudu('staging', '/api/zipdeploy', { method: 'POST', body });
  expect({ status: refused.status, text: await refused.text() }).toEqual({
    status: 409,
    text: expect.stringContaining('currently in progress'),
  });
  expect((await azure.received()).at(-1)).toMatchObject({
    surface: 'kudu',
    site: 'storefront',
    slot: 'staging',
    fault: 'refuse-409',
    applied: null,
  });
});

test('an operation that does not show yet after it was accepted', async () => {
  await azure.control('POST', 'faults', { operationVisibleMs: 10_000 });
  expect((await sendSwap('unseen')).error).toBeUndefined();
  expect((await azure.client().webApps.get(GROUP, 'storefront')).inProgressOperationId).toBeFalsy();
  expect(await operation()).toMatchObject({ status: 'running' });
});

test('reads that lag behind a completed swap: the old stamp and the old deployments, while production already answers the new', async () => {
  await azure.control('POST', 'faults', { lagMs: 2_000 });
  const { webApps } = azure.client();
  const activeId = async (slot: string) =>
    ((await (await azure.kudu(slot, '/api/deployments')).json()) as { id: string; active: boolean }[]).find(
      ({ active }) => active,
    )?.id;
  const look = async () => ({
    stamp: (await webApps.get(GROUP, 'storefront')).slotSwapStatus?.timestampUtc?.getTime(),
    production: await activeId('production'),
    staging: await activeId('staging'),
  });
  const [before, version] = [await look(), await liveVersion()];
  const toProduction = { targetSlot: 'production', preserveVnet: true };
  await webApps.swapSlot(GROUP, 'storefront', 'staging', toProduction, { updateIntervalInMs: 20 });
  expect(await liveVersion()).not.toBe(version);
  expect(await look()).toEqual(before);
  expect((await webApps.get(GROUP, 'storefront')).inProgressOperationId).toBeFalsy();
  // The site is still held: a swap sent on what was read is refused, not carried out on top.
  expect((await sendSwap('on old reads')).error).toMatchObject({ statusCode: 409 });
  await until(async () => (await look()).production === before.staging);
  const after = await look();
  expect(after).toMatchObject({ production: before.staging, staging: before.production });
  expect(after.stamp).toBeGreaterThan(before.stamp ?? 0);
});

test.each([
  { body: { fault: 'explode' }, error: /no fault 'explode'/ },
  { body: { fault: 'late' }, error: /delayMs is missing/ },
  { body: { fault: 'status' }, error: /status is missing/ },
  { body: { lag: 3 }, error: /name a fault/ },
  { body: { fault: 'stuck-target-swap-slot', site: 'none' }, error: /no such site/ },
])('arming $body is refused', async ({ body, error }) => {
  expect(await azure.control('POST', 'faults', body)).toMatchObject({
    httpStatus: 400,
    error: expect.stringMatching(error),
  });
});
