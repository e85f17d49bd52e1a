import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import declaration from '../../infra/local/declaration.json' with { type: 'json' };
import type { Sent, SitePort } from '../../shared/ports.ts';
import { freshIntent, type SiteWorld, site, siteWorld, versionFrom } from '../adapters/app-service/world.ts';
import { until } from '../local/app-service/local-azure.ts';
import { sampleZip } from '../local/app-service/sample-zip.ts';

const DEADLINE_MS = 10_000;
const role = declaration.roleActions;

let world: SiteWorld;
let packages: Server;
let swapToken: string;
beforeAll(async () => {
  world = await siteWorld();
  packages = createServer((_, response) => void response.end(Buffer.from(sampleZip({ version: '1.2.0' }))));
  await new Promise<void>((resolve) => packages.listen(0, '127.0.0.1', resolve));
  world.azure.config.roleActions = role;
});
afterAll(async () => {
  packages.close();
  await world.azure.end();
});

const packageUrl = (): string => `http://127.0.0.1:${(packages.address() as AddressInfo).port}/package.zip`;
const look = (port: SitePort) => port.look(site, { versionFrom, intent: null, freshConnections: 1 });
const quiet = () => until(async () => (await look(world.port)).operation === null);
const tokenIn = (sent: Sent): string => {
  if (sent.end !== 'done' || sent.value.token === null) throw new Error(JSON.stringify(sent));
  return sent.value.token;
};
const refusedSince = async (since: number) =>
  (await world.azure.received(since))
    .filter(({ status }) => status === 403)
    .map(({ method, path }) => `${method} ${path}`);

describe('with exactly the actions of the role', () => {
  test('everything that is done to a site is done, and nothing is refused', async () => {
    await look(world.port);
    const settings = await world.port.settings(site);
    const settled = await world.port.sendSettings(site, freshIntent(), { ...settings, A: 'b' }, DEADLINE_MS);
    expect(settled.end).toBe('done');
    await quiet();
    const published = tokenIn(await world.port.sendPublish(site, freshIntent(), packageUrl(), DEADLINE_MS));
    await until(async () => (await world.port.pollPublish(site, published)).state === 'ended');
    await quiet();
    swapToken = tokenIn(await world.port.sendSwap(site, freshIntent(), DEADLINE_MS));
    await until(async () => (await world.port.pollSwap(site, swapToken)).state === 'ended');
    expect(await world.port.pollSwap(site, swapToken)).toMatchObject({ state: 'ended', well: true });
    await quiet();
    expect((await world.port.sendReset(site, freshIntent(), DEADLINE_MS)).end).toBe('done');
    expect(await refusedSince(0)).toEqual([]);
  });
});

/** What needs an action. ARM names the address to poll at; App Service's is of the first kind, and the client follows either. */
const needs: Record<string, ((port: SitePort) => Promise<unknown>) | 'the other kind of address to poll at'> = {
  'Microsoft.Web/sites/read': look,
  'Microsoft.Web/sites/config/read': look,
  'Microsoft.Web/sites/config/list/action': look,
  'Microsoft.Web/sites/slots/read': look,
  'Microsoft.Web/sites/slots/config/read': look,
  'Microsoft.Web/sites/slots/config/list/action': (port) => port.settings(site),
  'Microsoft.Web/sites/slots/config/write': (port) => port.sendSettings(site, freshIntent(), { A: 'c' }, DEADLINE_MS),
  'Microsoft.Web/sites/slots/slotsswap/action': (port) => port.sendSwap(site, freshIntent(), DEADLINE_MS),
  'Microsoft.Web/sites/slots/resetSlotConfig/action': (port) => port.sendReset(site, freshIntent(), DEADLINE_MS),
  'Microsoft.Web/sites/slots/operationresults/read': (port) => port.pollSwap(site, swapToken),
  'Microsoft.Web/sites/slots/operations/read': 'the other kind of address to poll at',
  'Microsoft.Web/sites/publish/action': (port) => port.identity(site, 'production', versionFrom),
  'Microsoft.Web/sites/slots/publish/action': (port) =>
    port.sendPublish(site, freshIntent(), packageUrl(), DEADLINE_MS),
};

test('each action of the role is known to be needed', () => {
  expect(Object.keys(needs).sort()).toEqual([...role].sort());
});

describe('without one of them', () => {
  const asked = Object.entries(needs).flatMap(([action, ask]) => (typeof ask === 'string' ? [] : [{ action, ask }]));

  test.each(asked)('$action, what needs it is refused', async ({ action, ask }) => {
    const before = (await world.azure.received()).length;
    world.azure.config.roleActions = role.filter((each) => each !== action);
    try {
      // A refusal is a value here and an exception there; what counts is that the site's API refused.
      await ask(world.port).catch(() => undefined);
      // What was answered is written down beside the answer, so it may be read a moment later.
      await until(async () => (await world.azure.received()).slice(before).some(({ status }) => status === 403));
    } finally {
      world.azure.config.roleActions = role;
    }
  });
});
