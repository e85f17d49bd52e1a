import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Polled } from '../../../shared/lane/effect.ts';
import { LastingFailure } from '../../../shared/ports.ts';
import { GROUP, until } from '../../local/app-service/local-azure.ts';
import { sampleZip } from '../../local/app-service/sample-zip.ts';
import { DEADLINE_MS, freshIntent, receivedUnder, type SiteWorld, site, siteWorld, versionFrom } from './world.ts';

let world: SiteWorld;
let packages: Server;
let packageUrl = '';
beforeAll(async () => {
  world = await siteWorld({ timing: { publishMs: 1_500 } });
  packages = createServer((request, response) => {
    if (request.url?.startsWith('/good')) return void response.end(Buffer.from(sampleZip({ version: '1.2.0' })));
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => packages.listen(0, '127.0.0.1', resolve));
  packageUrl = `http://127.0.0.1:${(packages.address() as AddressInfo).port}`;
});
afterAll(async () => {
  packages.close();
  await world.azure.end();
});
afterEach(() => world.azure.control('DELETE', 'faults'));

const polledToEnd = (token: string): Promise<Polled> =>
  until(async () => {
    const polled = await world.port.pollPublish(site, token);
    return polled.state === 'running' ? undefined : polled;
  });
const publishedUnder = async (intent: ReturnType<typeof freshIntent>) =>
  (await world.port.look(site, { versionFrom, intent, freshConnections: 1 })).published;

test('a package is published, polled to its end, and found again by its intent', async () => {
  const intent = freshIntent();
  expect(await publishedUnder(intent)).toEqual({ state: 'none' });
  const sent = await world.port.sendPublish(site, intent, `${packageUrl}/good?sig=secret`, DEADLINE_MS);
  if (sent.end !== 'done' || sent.value.token === null) throw new Error(JSON.stringify(sent));
  expect(sent.value.complete).toBe(false);
  const { kudu } = JSON.parse(sent.value.token) as { kudu: string };
  expect(await publishedUnder(intent)).toEqual({ state: 'running', kudu });
  expect(await world.port.pollPublish(site, sent.value.token)).toEqual({ state: 'running' });
  expect(await polledToEnd(sent.value.token)).toMatchObject({ state: 'ended', well: true });
  expect(await publishedUnder(intent)).toEqual({ state: 'complete', kudu, active: true });
  await until(async () => (await world.port.identity(site, 'staging', versionFrom)).identity.version === '1.2.0');
  expect((await world.port.identity(site, 'staging', versionFrom)).identity.kudu).toBe(kudu);
  expect(await receivedUnder(world, intent)).toMatchObject([{ surface: 'kudu', method: 'PUT', status: 202 }]);
});

test('a package that cannot be fetched is a publish that failed', async () => {
  const intent = freshIntent();
  const sent = await world.port.sendPublish(site, intent, `${packageUrl}/missing`, DEADLINE_MS);
  if (sent.end !== 'done' || sent.value.token === null) throw new Error(JSON.stringify(sent));
  const ended = await polledToEnd(sent.value.token);
  expect(ended).toMatchObject({
    state: 'ended',
    well: false,
    because: expect.stringContaining('could not be fetched'),
  });
  expect(await publishedUnder(intent)).toMatchObject({ state: 'failed' });
});

test('a publish whose answer was lost is unknown, and found by its intent', async () => {
  const intent = freshIntent();
  await world.azure.control('POST', 'faults', {
    match: { surface: 'kudu', path: '/api/zipdeploy' },
    fault: 'reset-after',
  });
  const sent = await world.port.sendPublish(site, intent, `${packageUrl}/good`, DEADLINE_MS);
  expect(sent).toMatchObject({ end: 'unknown' });
  await until(async () => (await publishedUnder(intent))?.state === 'complete');
  expect(await receivedUnder(world, intent)).toHaveLength(1);
});

test('a busy Kudu refuses, without repeating where the package lies', async () => {
  const url = `${packageUrl}/good?sig=secret`;
  const body = `deployment in progress; asked for ${url}`;
  const match = { surface: 'kudu', path: '/api/zipdeploy' };
  await world.azure.control('POST', 'faults', { match, fault: 'status', status: 409, body });
  const sent = await world.port.sendPublish(site, freshIntent(), url, DEADLINE_MS);
  expect(sent).toEqual({ end: 'refused', because: 'Kudu answers 409: deployment in progress; asked for (package)' });
});

test('a deployment Kudu does not know is lost', async () => {
  const unknown = JSON.stringify({ kudu: 'no-such', intent: freshIntent() });
  expect(await world.port.pollPublish(site, unknown)).toMatchObject({ state: 'lost' });
  expect(await world.port.pollPublish(site, 'no token')).toMatchObject({ state: 'lost' });
});

test('the warm-up ping is set on staging alone, beside what is set there', async () => {
  const intent = freshIntent();
  const ping = { path: '/health', statuses: '200,204' };
  const before = await world.port.settings(site);
  const wanted = {
    ...before,
    WEBSITE_SWAP_WARMUP_PING_PATH: ping.path,
    WEBSITE_SWAP_WARMUP_PING_STATUSES: ping.statuses,
  };
  const sent = await world.port.sendSettings(site, intent, wanted, DEADLINE_MS);
  expect(sent).toEqual({ end: 'done', value: { token: null, complete: true } });
  const { webApps } = world.azure.client();
  const settings = await webApps.listApplicationSettingsSlot(GROUP, site.name, site.slot);
  expect(settings.properties).toEqual({
    MODE: 'test',
    FLAG: 'new',
    WEBSITE_SWAP_WARMUP_PING_PATH: '/health',
    WEBSITE_SWAP_WARMUP_PING_STATUSES: '200,204',
  });
  const look = await world.port.look(site, { versionFrom, intent: null, freshConnections: 1 });
  expect(look.warmUpPing).toEqual({ production: { path: null, statuses: null }, staging: ping });
  expect(await receivedUnder(world, intent)).toMatchObject([{ method: 'PUT' }]);
});

test('settings that cannot be read are a lasting failure, before anything is claimed', async () => {
  const match = { path: '/config/appsettings/list', times: 9 };
  await world.azure.control('POST', 'faults', { match, fault: 'status', status: 403 });
  await expect(world.port.settings(site)).rejects.toThrow(LastingFailure);
});
