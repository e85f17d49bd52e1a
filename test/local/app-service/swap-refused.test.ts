import { restorePoller } from '@azure/arm-appservice';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { GROUP, type LocalAzure, localAzure, QUICK, until } from './local-azure.ts';
import { sampleZip } from './sample-zip.ts';

let azure: LocalAzure;
beforeAll(async () => {
  // Slow enough for what is asked meanwhile to come meanwhile, also on a busy machine.
  azure = await localAzure({ timing: { ...QUICK, restartMs: 500, settleMs: 500, publishMs: 2_500 } });
});
afterAll(() => azure.end());

const toProduction = { targetSlot: 'production', preserveVnet: true };
const web = () => azure.client().webApps;
const arm = async (method: string, below: string, body?: object, token?: string) => {
  const base = `${azure.addresses.arm.replace('https', 'http')}/subscriptions/${azure.config.subscriptionId}/resourceGroups/${GROUP}/providers/Microsoft.Web/sites`;
  const authorization = `Bearer ${token ?? (await azure.token())}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const init: RequestInit = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  const answer = await fetch(`${base}/${below}${below.includes('?') ? '&' : '?'}api-version=2025-05-01`, init);
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
};
const idle = () =>
  until(async () => {
    const { sites } = (await azure.control('GET', 'state')) as { sites: Record<string, { operation: unknown }> };
    return sites.storefront?.operation === null;
  });

beforeEach(async () => {
  await azure.control('DELETE', 'faults');
  await idle();
});

describe('a swap that fails in its warm-up', () => {
  test.each([
    {
      what: 'a listed status is asked for and 500 comes',
      statuses: '200,202',
      zip: { version: '2.0.0', brokenUnderMode: 'live' },
      code: 'ExpectationFailed',
      status: 417,
    },
    {
      what: 'the process cannot start',
      statuses: '',
      zip: { version: '2.0.1', crashesAtStart: true },
      code: 'BadRequest',
      status: 400,
    },
  ])('$what: $status, production untouched, staging as it was', async ({ statuses, zip, code, status }) => {
    const settings =
      statuses === '' ? {} : { WEBSITE_SWAP_WARMUP_PING_PATH: '/', WEBSITE_SWAP_WARMUP_PING_STATUSES: statuses };
    await web().updateApplicationSettingsSlot(GROUP, 'storefront', 'staging', {
      properties: { MODE: 'test', FLAG: 'new', ...settings },
    });
    await azure.publish('staging', sampleZip(zip));
    const before = (await azure.ask('production')).about;
    const answer = await arm('POST', 'storefront/slots/staging/slotsswap', toProduction);
    expect(answer.status).toBe(202);
    const location = new URL(answer.headers.get('location') ?? '');
    const failed = await until(async () => {
      const poll = await fetch(`http://${location.host}${location.pathname}${location.search}`, {
        headers: { authorization: `Bearer ${await azure.token()}` },
      });
      return poll.status === 202
        ? false
        : { status: poll.status, body: (await poll.json()) as Record<string, unknown> };
    });
    expect(failed).toMatchObject({
      status,
      body: { Code: code, Message: expect.stringContaining("'staging' slot"), Innererror: null },
    });
    expect((await azure.ask('production')).about).toEqual(before);
    await until(async () => {
      const { status: now, about } = await azure.ask('staging');
      return zip.crashesAtStart ? now === 503 : about.version === zip.version && about.mode === 'test';
    });
    const site = await web().get(GROUP, 'storefront');
    expect(site.slotSwapStatus).toBeFalsy();
    expect((await azure.received()).filter(({ path }) => path.includes('slotsswap')).at(-1)?.applied).toBe(false);
  });

  test('without a list of good statuses even a 500 counts as warm', async () => {
    await web().updateApplicationSettingsSlot(GROUP, 'storefront', 'staging', {
      properties: { MODE: 'test', FLAG: 'new' },
    });
    await azure.publish('staging', sampleZip({ version: '2.0.2', brokenUnderMode: 'live' }));
    await until(async () => (await azure.ask('staging')).about.version === '2.0.2');
    await web().swapSlot(GROUP, 'storefront', 'staging', toProduction, { updateIntervalInMs: 20 });
    expect(await azure.ask('production')).toMatchObject({ status: 500, about: { version: '2.0.2' } });
    await web().swapSlot(GROUP, 'storefront', 'staging', toProduction, { updateIntervalInMs: 20 });
    expect(await azure.ask('production')).toMatchObject({ status: 200 });
  });

  test('on demand, after acceptance: the client sees the poll fail', async () => {
    await azure.control('POST', 'faults', { fault: 'swap-fails-after-acceptance', site: 'storefront' });
    const client = azure.client();
    const poller = client.webApps.swapSlot(GROUP, 'storefront', 'staging', toProduction);
    await poller.submitted();
    const token = await poller.serialize();
    await expect(
      until(async () => {
        const restored = restorePoller(client, token, client.webApps.swapSlot);
        await restored.poll();
        return restored.isDone;
      }),
    ).rejects.toMatchObject({ statusCode: 417 });
  });
});

describe('one operation at a time', () => {
  test('while a swap runs, another swap, a settings write, a restart and a publish are refused with 409', async () => {
    const poller = web().swapSlot(GROUP, 'storefront', 'staging', toProduction, { updateIntervalInMs: 20 });
    await poller.submitted();
    const refused = await Promise.all([
      arm('POST', 'storefront/slots/staging/slotsswap', toProduction),
      arm('PUT', 'storefront/config/appsettings', { properties: {} }),
      arm('PATCH', 'storefront/slots/staging/config/web', { properties: {} }),
      arm('POST', 'storefront/slots/staging/restart'),
      arm('POST', 'storefront/slots/staging/resetSlotConfig'),
    ]);
    for (const { status, body } of refused) {
      expect(status).toBe(409);
      expect(body).toMatchObject({ Code: 'Conflict', Message: expect.stringContaining('SwapSiteSlots') });
      expect(body.Details[2].ErrorEntity.ExtendedCode).toBe('59203');
    }
    const publish = await azure.kudu('staging', '/api/zipdeploy', {
      method: 'POST',
      body: Buffer.from(sampleZip({ version: '9' })),
    });
    expect({ status: publish.status, text: await publish.text() }).toEqual({
      status: 409,
      text: expect.stringContaining('currently in progress'),
    });
    await poller;
    expect((await arm('PATCH', 'storefront/slots/staging/config/web', { properties: {} })).status).toBe(200);
  });

  test('while a publish runs, a swap is refused and so is a second publish', async () => {
    const body = Buffer.from(sampleZip({ version: '3.0.0' }));
    const accepted = await azure.kudu('staging', '/api/zipdeploy?isAsync=true', { method: 'POST', body });
    expect(accepted.status).toBe(202);
    expect((await arm('POST', 'storefront/slots/staging/slotsswap', toProduction)).status).toBe(409);
    expect((await azure.kudu('staging', '/api/zipdeploy?isAsync=true', { method: 'POST', body })).status).toBe(409);
    await until(async () => (await azure.kudu('staging', '/api/deployments/latest')).status === 200);
  });
});

describe('a swap with preview', () => {
  test("holds both slots until it is reset, and applies the other slot's sticky settings meanwhile", async () => {
    await web().applySlotConfigurationSlot(GROUP, 'storefront', 'staging', toProduction);
    expect((await web().getSlot(GROUP, 'storefront', 'staging')).targetSwapSlot).toBe('production');
    await until(async () => (await azure.ask('staging')).about.mode === 'live');
    const refused = await arm('PUT', 'storefront/config/appsettings', { properties: {} });
    expect(refused).toMatchObject({
      status: 409,
      body: { Code: 'Conflict', Message: expect.stringContaining('prepared for swap') },
    });
    await web().resetSlotConfigurationSlot(GROUP, 'storefront', 'staging');
    expect((await web().getSlot(GROUP, 'storefront', 'staging')).targetSwapSlot).toBeFalsy();
    await until(async () => (await azure.ask('staging')).about.mode === 'test');
  });

  test('is completed by the ordinary swap', async () => {
    const staging = (await azure.ask('staging')).about.version;
    await web().applySlotConfigurationSlot(GROUP, 'storefront', 'staging', toProduction);
    await until(async () => (await azure.ask('staging')).about.mode === 'live');
    await web().swapSlot(GROUP, 'storefront', 'staging', toProduction, { updateIntervalInMs: 20 });
    expect((await azure.ask('production')).about.version).toBe(staging);
    expect((await web().getSlot(GROUP, 'storefront', 'staging')).targetSwapSlot).toBeFalsy();
  });

  test('one that somebody left behind shows, and goes with a reset', async () => {
    await azure.control('POST', 'faults', { fault: 'stuck-target-swap-slot', site: 'storefront' });
    expect((await web().getSlot(GROUP, 'storefront', 'staging')).targetSwapSlot).toBe('production');
    await web().resetSlotConfigurationSlot(GROUP, 'storefront', 'staging');
    expect((await web().getSlot(GROUP, 'storefront', 'staging')).targetSwapSlot).toBeFalsy();
  });
});

test.each([
  { body: {}, status: 400 },
  { body: { targetSlot: 'staging' }, status: 400 },
  { body: { targetSlot: 'qa' }, status: 404 },
])('a swap with $body is answered $status', async ({ body, status }) => {
  expect((await arm('POST', 'storefront/slots/staging/slotsswap', body)).status).toBe(status);
});
