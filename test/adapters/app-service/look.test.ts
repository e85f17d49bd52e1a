import { ManagedIdentityCredential } from '@azure/identity';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { sitePort } from '../../../shared/adapters/app-service/site-port.ts';
import { LastingFailure, Unavailable } from '../../../shared/ports.ts';
import { GROUP } from '../../local/app-service/local-azure.ts';
import { noScope } from '../../ports/no-scope.ts';
import { LOOPBACK } from '../loopback.ts';
import { freshIntent, type SiteWorld, site, siteWorld, versionFrom } from './world.ts';

let world: SiteWorld;
beforeAll(async () => {
  world = await siteWorld();
});
afterAll(() => world.azure.end());
afterEach(() => world.azure.control('DELETE', 'faults'));

const looking = (change = {}) => world.port.look(site, { versionFrom, intent: null, freshConnections: 3, ...change });

test('a look shows both slots, fresh answers, and what would make a swap unsafe', async () => {
  const before = new Date();
  const look = await looking();
  expect(look.at.getTime()).toBeGreaterThanOrEqual(before.getTime());
  expect(look).toEqual({
    began: look.began,
    at: look.at,
    production: { identity: { kudu: look.production.identity.kudu, version: '1.0.0' }, answers: true },
    staging: { identity: { kudu: expect.any(String), version: '1.1.0' }, answers: true },
    stamp: null,
    operation: null,
    targetSwapSlot: null,
    freshAnswers: ['1.0.0', '1.0.0', '1.0.0'],
    rampUpPercent: 0,
    autoSwapSlot: null,
    warmUpPing: { production: { path: null, statuses: null }, staging: { path: null, statuses: null } },
    published: null,
  });
  expect(look.staging.identity.kudu).not.toBe(look.production.identity.kudu);
});

test('ramp-up rules, an auto-swap slot and a pending preview are seen', async () => {
  const { webApps } = world.azure.client();
  await webApps.updateConfiguration(GROUP, site.name, {
    experiments: { rampUpRules: [{ name: 'staging', actionHostName: 'any', reroutePercentage: 12.5 }] },
  });
  await webApps.updateConfigurationSlot(GROUP, site.name, site.slot, { autoSwapSlotName: 'production' });
  await world.azure.control('POST', 'faults', { fault: 'stuck-target-swap-slot', site: site.name });
  const intent = freshIntent();
  expect(await looking()).toMatchObject({
    rampUpPercent: 12.5,
    autoSwapSlot: 'production',
    targetSwapSlot: 'production',
  });
  expect(await world.port.sendReset(site, intent, 2_000)).toEqual({
    end: 'done',
    value: { token: null, complete: true },
  });
  await webApps.updateConfiguration(GROUP, site.name, { experiments: { rampUpRules: [] } });
  await webApps.updateConfigurationSlot(GROUP, site.name, site.slot, { autoSwapSlotName: '' });
  expect(await looking()).toMatchObject({ rampUpPercent: 0, autoSwapSlot: null, targetSwapSlot: null });
});

test('without a path for the version the Kudu id alone is the identity', async () => {
  const look = await looking({ versionFrom: undefined });
  expect(look.staging).toEqual({ identity: { kudu: expect.any(String), version: null }, answers: true });
  expect(look.freshAnswers).toEqual([]);
});

test('an app that does not answer its version is said so, which is no failure of the look', async () => {
  const look = await looking({ versionFrom: { path: '/', pointer: '/no/such' } });
  expect(look.production).toMatchObject({ answers: false, identity: { version: null } });
  expect(look.freshAnswers).toEqual([null, null, null]);
});

test('one bad answer of ARM is asked again, a stubborn one makes the look unavailable', async () => {
  const reads = { method: 'GET', path: '/sites/storefront\\?' };
  await world.azure.control('POST', 'faults', { match: reads, fault: 'status', status: 503 });
  expect((await looking()).production.identity.version).toBe('1.0.0');
  await world.azure.control('POST', 'faults', { match: { ...reads, times: 20 }, fault: 'status', status: 503 });
  await expect(looking()).rejects.toBeInstanceOf(Unavailable);
});

test('throttled, it says until when', async () => {
  const reads = { method: 'GET', path: '/config/web', times: 20 };
  const headers = { 'retry-after': '17' };
  await world.azure.control('POST', 'faults', { match: reads, fault: 'status', status: 429, headers });
  const thrown = await looking().catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(Unavailable);
  const waitMs = ((thrown as Unavailable).retryAt?.getTime() ?? 0) - Date.now();
  expect(waitMs).toBeGreaterThan(14_000);
  expect(waitMs).toBeLessThanOrEqual(17_000);
});

test('a Kudu that is away makes the look unavailable; a site that is not there is a lasting failure', async () => {
  const kudu = { surface: 'kudu', path: '/api/deployments', times: 20 };
  await world.azure.control('POST', 'faults', { match: kudu, fault: 'status', status: 502 });
  await expect(looking()).rejects.toBeInstanceOf(Unavailable);
  await world.azure.control('DELETE', 'faults');
  await expect(
    world.port.look({ ...site, name: 'nowhere' }, { versionFrom, intent: null, freshConnections: 1 }),
  ).rejects.toBeInstanceOf(LastingFailure);
  const failure = world.port.identity({ ...site, slot: 'nowhere' }, 'staging', versionFrom);
  await expect(failure).rejects.toBeInstanceOf(LastingFailure);
});

test('an ARM that is away is unavailable', async () => {
  const here = new ManagedIdentityCredential();
  const nowhere = sitePort('https://127.0.0.1:9', here, () => new Date(), LOOPBACK, noScope.trace);
  await expect(nowhere.address(site, 'production')).rejects.toBeInstanceOf(Unavailable);
});

test('a slot is asked over a new connection: status, headers, a body up to what was allowed', async () => {
  const asked = await world.port.ask(site, 'staging', { path: '/', timeoutMs: 2_000, bodyBytes: 20 });
  expect(asked).toMatchObject({ answered: true, status: 200, headers: { 'content-type': 'application/json' } });
  if (asked.answered) expect(asked.body).toHaveLength(20);
  const slow = await world.port.ask(site, 'staging', { path: '/slow?ms=3000', timeoutMs: 200, bodyBytes: 20 });
  expect(slow).toEqual({ answered: false, because: 'no answer within 200 ms' });
  expect(await world.port.ask(site, 'staging', { path: 'no-slash', timeoutMs: 200, bodyBytes: 1 })).toMatchObject({
    answered: false,
  });
  expect(await world.port.identity(site, 'production', versionFrom)).toMatchObject({ identity: { version: '1.0.0' } });
  expect(await world.port.address(site, 'staging')).toBe(
    `https://${world.azure.addresses.sites.storefront?.staging?.hostName}`,
  );
});

test('began before the first of its reads, and ended after the last of them', async () => {
  await world.azure.control('POST', 'faults', {
    match: { method: 'GET', path: '/config/web', times: 1 },
    fault: 'delay',
    delayMs: 400,
  });
  const before = new Date();
  const look = await looking();
  const after = new Date();
  expect(look.began.getTime()).toBeGreaterThanOrEqual(before.getTime());
  expect(look.at.getTime()).toBeLessThanOrEqual(after.getTime());
  expect(look.at.getTime() - look.began.getTime()).toBeGreaterThanOrEqual(300);
});

test('a site at an address that is not public is asked nothing until its network is allowed', async () => {
  const port = sitePort(
    world.azure.addresses.arm,
    new ManagedIdentityCredential(),
    () => new Date(),
    ['10.1.0.0/16'],
    noScope.trace,
  );
  const askedOfSlots = async () => (await world.azure.received()).filter(({ surface }) => surface !== 'arm').length;
  const before = await askedOfSlots();
  for (const refused of [
    port.look(site, { versionFrom, intent: null, freshConnections: 3 }),
    port.identity(site, 'production', versionFrom),
  ]) {
    const error = await refused.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LastingFailure);
    expect(String(error)).toContain('WARMSWAP_ALLOWED_NETWORKS');
  }
  const question = { path: '/', timeoutMs: 2_000, bodyBytes: 1_000 };
  const because = expect.stringContaining('WARMSWAP_ALLOWED_NETWORKS');
  expect(await port.ask(site, 'production', question)).toEqual({ answered: false, because });
  // Definite: nothing was sent, so nothing has to be found out.
  const sent = await port.sendPublish(site, freshIntent(), 'https://packages.example/x.zip', 2_000);
  expect(sent).toEqual({ end: 'refused', because });
  expect(await askedOfSlots()).toBe(before);
});
