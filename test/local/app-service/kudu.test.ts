import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { GROUP, type LocalAzure, localAzure, until } from './local-azure.ts';
import { sampleZip } from './sample-zip.ts';

let azure: LocalAzure;
let store: Server;
let storeUrl: string;
const stored = new Map<string, Uint8Array>();

beforeAll(async () => {
  azure = await localAzure();
  store = createServer((request, response) => {
    const bytes = stored.get(request.url ?? '');
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  });
  await new Promise<void>((listening) => store.listen(0, '127.0.0.1', listening));
  storeUrl = `http://127.0.0.1:${(store.address() as AddressInfo).port}`;
});
afterAll(async () => {
  store.closeAllConnections();
  store.close();
  await azure.end();
});

type Deployment = Record<string, unknown>;
const deployments = async (slot: string) => (await (await azure.kudu(slot, '/api/deployments')).json()) as Deployment[];
const ended = (slot: string, id: string | null) =>
  until(async () => {
    const found = (await (await azure.kudu(slot, `/api/deployments/${id}`)).json()) as Deployment;
    return found.complete === true && found;
  });
const running = (slot: string, version: string) =>
  until(async () => (await azure.ask(slot)).about.version === version && (await azure.ask(slot)).about);
const json = (value: object): RequestInit => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

beforeEach(async () => {
  await until(async () => (await azure.kudu('staging', '/api/deployments/latest')).status !== 202);
});

describe('zip deploy', () => {
  test('of a package Kudu fetches itself: 202 with Location and the id, followed to its end by that id', async () => {
    stored.set('/packages/1.1.0.zip?sig=x', sampleZip({ version: '1.1.0' }));
    const query = 'isAsync=true&trackDeploymentProgress=true&deployer=our-service&author=Ada&message=build%2041';
    const init = { method: 'PUT', ...json({ packageUri: `${storeUrl}/packages/1.1.0.zip?sig=x` }) };
    const accepted = await azure.kudu('staging', `/api/zipdeploy?${query}`, init);
    expect(accepted.status).toBe(202);
    expect(accepted.headers.get('location')).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/api\/deployments\/latest\?deployer=our-service&time=/,
    );
    expect(accepted.headers.get('retry-after')).toBe('30');
    const id = accepted.headers.get('scm-deployment-id');
    const latest = await azure.kudu('staging', '/api/deployments/latest');
    expect(latest.status).toBe(202);
    expect(await latest.json()).toMatchObject({ id, complete: false, active: false, provisioningState: 'InProgress' });
    expect(await ended('staging', id)).toMatchObject({
      id,
      status: 4,
      complete: true,
      active: true,
      provisioningState: 'Succeeded',
      deployer: 'our-service',
      author: 'Ada',
      message: 'build 41',
      site_name: 'storefront',
      end_time: expect.stringMatching(/Z$/),
    });
    expect((await azure.kudu('staging', '/api/deployments/latest')).status).toBe(200);
    await running('staging', '1.1.0');
  });

  test('of the bytes themselves, waited for: 200, and only this one is active', async () => {
    const answer = await azure.kudu('staging', '/api/zipdeploy', {
      method: 'POST',
      body: Buffer.from(sampleZip({ version: '1.2.0' })),
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('scm-deployment-id')).toBeNull();
    await running('staging', '1.2.0');
    const all = await deployments('staging');
    expect(all.map(({ active }) => active)).toEqual([true, ...all.slice(1).map(() => false)]);
    const log = (await (await azure.kudu('staging', `/api/deployments/${all[0]?.id}/log`)).json()) as {
      message: string;
    }[];
    expect(log.at(-1)?.message).toBe('Deployment successful.');
  });
});

test('OneDeploy takes both kinds of body, and names itself', async () => {
  stored.set('/1.3.0.zip', sampleZip({ version: '1.3.0' }));
  const byUri = { method: 'POST', ...json({ packageUri: `${storeUrl}/1.3.0.zip` }) };
  const accepted = await azure.kudu(
    'staging',
    '/api/publish?type=zip&async=true&trackDeploymentProgress=true&message=mine',
    byUri,
  );
  expect(accepted.status).toBe(202);
  const deployment = await ended('staging', accepted.headers.get('scm-deployment-id'));
  expect(deployment).toMatchObject({ status: 4, active: true, deployer: 'OneDeploy', message: 'OneDeploy' });
  await running('staging', '1.3.0');
  const byBytes = { method: 'PUT', body: Buffer.from(sampleZip({ version: '1.3.1' })) };
  expect((await azure.kudu('staging', '/api/publish?type=zip', byBytes)).status).toBe(200);
  await running('staging', '1.3.1');
});

describe('a publish that fails', () => {
  const intact = sampleZip({ version: '6.6.6' });
  test.each([
    { what: 'no zip', bytes: strToU8('this is no zip') },
    { what: 'half a zip', bytes: intact.slice(0, intact.length / 2) },
    { what: 'an empty zip', bytes: zipSync({}) },
    { what: 'an entry outside the folder', bytes: zipSync({ '../../outside.txt': strToU8('no') }) },
  ])('$what: a failed deployment, and the old content goes on', async ({ bytes }) => {
    const active = (await deployments('staging')).find((each) => each.active === true);
    const before = (await azure.ask('staging')).about;
    const deployment = await azure.publish('staging', bytes);
    expect(deployment).toMatchObject({ status: 3, complete: true, active: false, provisioningState: 'Failed' });
    expect(deployment.status_text).toEqual(expect.stringMatching(/zip|package/));
    expect((await azure.ask('staging')).about).toEqual(before);
    expect((await deployments('staging')).find((each) => each.active === true)).toEqual(active);
    expect((await azure.kudu('staging', '/api/zipdeploy', { method: 'POST', body: Buffer.from(bytes) })).status).toBe(
      400,
    );
  });

  test('a package that is not there, or a store that is down', async () => {
    for (const packageUri of [`${storeUrl}/missing.zip?sig=secret`, 'http://127.0.0.1:1/any.zip?sig=secret']) {
      const query = 'isAsync=true&trackDeploymentProgress=true';
      const accepted = await azure.kudu('staging', `/api/zipdeploy?${query}`, {
        method: 'PUT',
        ...json({ packageUri }),
      });
      const deployment = await ended('staging', accepted.headers.get('scm-deployment-id'));
      expect(deployment).toMatchObject({ status: 3, active: false });
      expect(deployment.status_text).toMatch(/could not be fetched/);
      expect(deployment.status_text).not.toContain('secret');
    }
  });

  test.each([
    { what: 'no body', path: '/api/zipdeploy', init: { method: 'POST' }, status: 400 },
    {
      what: 'JSON without packageUri',
      path: '/api/zipdeploy',
      init: { method: 'PUT', ...json({ uri: 'x' }) },
      status: 400,
    },
    { what: 'another type', path: '/api/publish?type=war', init: { method: 'POST', body: 'x' }, status: 400 },
    { what: 'an unknown deployment', path: '/api/deployments/none', init: {}, status: 404 },
    { what: 'no token', path: '/api/deployments', init: { headers: { authorization: '' } }, status: 401 },
  ])('$what: $status', async ({ path, init, status }) => {
    expect((await azure.kudu('staging', path, init)).status).toBe(status);
  });
});

test('files of the package before go, unless the publish says otherwise', async () => {
  const withExtra = (version: string, extra: Record<string, Uint8Array>) =>
    zipSync({
      'server.js': strToU8(`
      const { existsSync } = require('node:fs');
      require('node:http').createServer((_, response) =>
        response.end(JSON.stringify({ version: '${version}', flag: String(existsSync('extra.txt')) })),
      ).listen(process.env.PORT);
    `),
      ...extra,
    });
  const send = (path: string, zip: Uint8Array) =>
    azure.kudu('staging', path, { method: 'POST', body: Buffer.from(zip) });
  await send(
    '/api/zipdeploy',
    withExtra('a', { 'extra.txt': strToU8('here'), 'sub/': new Uint8Array(), 'sub/file.txt': strToU8('x') }),
  );
  expect((await running('staging', 'a')).flag).toBe('true');
  await send('/api/zipdeploy?clean=false', withExtra('b', {}));
  expect((await running('staging', 'b')).flag).toBe('true');
  await send('/api/zipdeploy', withExtra('c', {}));
  expect((await running('staging', 'c')).flag).toBe('false');
});

test('the active deployment, and all the records, lie with the content: they move in a swap', async () => {
  const { id } = await azure.publish('staging', sampleZip({ version: '2.0.0' }));
  const before = { production: await deployments('production'), staging: await deployments('staging') };
  expect(before.production.map((each) => each.id)).not.toContain(id);
  await azure
    .client()
    .webApps.swapSlot(
      GROUP,
      'storefront',
      'staging',
      { targetSlot: 'production', preserveVnet: true },
      { updateIntervalInMs: 20 },
    );
  const ids = (list: Deployment[]) => list.map((each) => [each.id, each.active]);
  expect(ids(await deployments('production'))).toEqual(ids(before.staging));
  expect(ids(await deployments('staging'))).toEqual(ids(before.production));
  expect((await azure.kudu('production', `/api/deployments/${id}`)).status).toBe(200);
  expect((await azure.kudu('staging', `/api/deployments/${id}`)).status).toBe(404);
});

test('a slot that swaps by itself does so after a publish that went well', async () => {
  await azure
    .client()
    .webApps.updateConfigurationSlot(GROUP, 'storefront', 'staging', { autoSwapSlotName: 'production' });
  await azure.publish('staging', sampleZip({ version: '2.1.0' }));
  await running('production', '2.1.0');
  await until(async () => {
    const { status } = await azure
      .client()
      .webApps.updateConfigurationSlot(GROUP, 'storefront', 'staging', { autoSwapSlotName: '' })
      .then(
        () => ({ status: 200 }),
        (error: { statusCode: number }) => ({ status: error.statusCode }),
      );
    return status === 200;
  });
});

test('content that is run from a remote package is not published to', async () => {
  const { webApps } = azure.client();
  await webApps.updateApplicationSettingsSlot(GROUP, 'storefront', 'staging', {
    properties: { WEBSITE_RUN_FROM_PACKAGE: 'https://127.0.0.1/a.zip' },
  });
  const refused = await azure.kudu('staging', '/api/zipdeploy', {
    method: 'POST',
    body: Buffer.from(sampleZip({ version: '9' })),
  });
  expect({ status: refused.status, text: await refused.text() }).toEqual({
    status: 409,
    text: expect.stringContaining('WEBSITE_RUN_FROM_PACKAGE'),
  });
});
