import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mayAct } from '../../../infra/local/app-service/arm/roles.ts';
import { throttleOf } from '../../../infra/local/app-service/arm/throttle.ts';
import { signToken } from '../../../infra/local/identity/token.ts';
import { GROUP, type LocalAzure, localAzure, TOKEN_KEY, until } from './local-azure.ts';
import { sampleZip } from './sample-zip.ts';

let azure: LocalAzure;
beforeAll(async () => {
  azure = await localAzure();
  await azure.publish('staging', sampleZip({ version: '1.1.0' }));
  await until(async () => (await azure.ask('staging')).about.version === '1.1.0');
});
afterAll(() => azure.end());

const web = () => azure.client().webApps;
const raw = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${azure.addresses.arm.replace('https', 'http')}${path}`, { headers });
const sitePath = (site = 'storefront') =>
  `/subscriptions/${azure.config.subscriptionId}/resourceGroups/${GROUP}/providers/Microsoft.Web/sites/${site}`;

describe('reads', () => {
  test('a site, a slot and the list of slots', async () => {
    const [production, staging] = [
      azure.addresses.sites.storefront?.production,
      azure.addresses.sites.storefront?.staging,
    ];
    const site = await web().get(GROUP, 'storefront');
    expect(site).toMatchObject({
      name: 'storefront',
      state: 'Running',
      defaultHostName: production?.hostName,
      enabled: true,
    });
    expect(site.hostNameSslStates?.find(({ hostType }) => hostType === 'Repository')?.name).toBe(
      production?.scmHostName,
    );
    expect(site.lastModifiedTimeUtc).toBeInstanceOf(Date);
    expect(Math.abs(Date.now() - (site.lastModifiedTimeUtc?.getTime() ?? 0))).toBeLessThan(60_000);
    const slot = await web().getSlot(GROUP, 'storefront', 'staging');
    expect(slot).toMatchObject({ name: 'storefront/staging', defaultHostName: staging?.hostName });
    const listed = [];
    for await (const each of web().listSlots(GROUP, 'storefront')) listed.push(each.name);
    expect(listed).toEqual(['storefront/staging']);
  });

  test('deployments of a slot, as ARM shows them', async () => {
    const listed = [];
    for await (const each of web().listDeploymentsSlot(GROUP, 'storefront', 'staging')) listed.push(each);
    expect(listed).toMatchObject([{ message: 'a test', deployer: 'test', active: true, status: 4 }]);
  });

  test('every time ends in Z', async () => {
    const text = await (
      await raw(`${sitePath()}?api-version=2025-05-01`, { authorization: `Bearer ${await azure.token()}` })
    ).text();
    const times = text.match(/\d{4}-\d\d-\d\dT[^"]*/g) ?? [];
    expect(times.length).toBeGreaterThan(0);
    for (const time of times) expect(time).toMatch(/Z$/);
  });
});

describe('writes', () => {
  test('app settings are replaced as a whole, and the slot restarts under them', async () => {
    const before = (await azure.ask('staging')).about;
    await web().updateApplicationSettingsSlot(GROUP, 'storefront', 'staging', { properties: { FLAG: 'newer' } });
    expect((await web().listApplicationSettingsSlot(GROUP, 'storefront', 'staging')).properties).toEqual({
      FLAG: 'newer',
    });
    const { about } = await until(async () => {
      const asked = await azure.ask('staging');
      return asked.about.pid !== before.pid && asked;
    });
    expect(about).toMatchObject({ version: '1.1.0', mode: null, flag: 'newer' });
    await web().updateApplicationSettings(GROUP, 'storefront', { properties: { MODE: 'live', FLAG: 'old' } });
    expect((await web().listApplicationSettings(GROUP, 'storefront')).properties).toEqual({
      MODE: 'live',
      FLAG: 'old',
    });
  });

  test('config/web: what is given is merged, by site and by slot', async () => {
    const rampUpRules = [
      {
        name: 'staging',
        actionHostName: azure.addresses.sites.storefront?.staging?.hostName ?? '',
        reroutePercentage: 0,
      },
    ];
    await web().updateConfiguration(GROUP, 'storefront', { experiments: { rampUpRules } });
    await web().updateConfiguration(GROUP, 'storefront', { alwaysOn: false });
    const config = await web().getConfiguration(GROUP, 'storefront');
    expect(config).toMatchObject({ alwaysOn: false, experiments: { rampUpRules } });
    await web().updateConfiguration(GROUP, 'storefront', { experiments: { rampUpRules: [] } });
    expect((await web().getConfiguration(GROUP, 'storefront')).experiments?.rampUpRules).toEqual([]);
    expect((await web().getConfigurationSlot(GROUP, 'storefront', 'staging')).autoSwapSlotName).toBeFalsy();
    await web().updateConfigurationSlot(GROUP, 'storefront', 'staging', { autoSwapSlotName: 'production' });
    expect((await web().getConfigurationSlot(GROUP, 'storefront', 'staging')).autoSwapSlotName).toBe('production');
    await web().updateConfigurationSlot(GROUP, 'storefront', 'staging', { autoSwapSlotName: '' });
  });

  test('the names of sticky settings', async () => {
    await web().updateSlotConfigurationNames(GROUP, 'storefront', { appSettingNames: ['MODE', 'REGION'] });
    expect((await web().listSlotConfigurationNames(GROUP, 'storefront')).appSettingNames).toEqual(['MODE', 'REGION']);
  });

  test('restart: another process serves, and none of the requests meanwhile fails', async () => {
    const before = (await azure.ask('production')).about.pid;
    await web().restart(GROUP, 'storefront');
    await until(async () => {
      const { status, about } = await azure.ask('production');
      expect(status).toBe(200);
      return about.pid !== before;
    });
  });
});

describe('refusals in the shape of ARM itself', () => {
  const claims = {
    aud: 'https://management.azure.com',
    iss: 'local',
    oid: 'x',
    appid: 'x',
    iat: 0,
    nbf: 0,
    exp: 4_000_000_000,
  };
  test.each([
    { what: 'no token', authorization: undefined, code: 'AuthenticationFailed' },
    { what: 'no real token', authorization: 'Bearer abc', code: 'InvalidAuthenticationToken' },
    {
      what: 'a token of another key',
      authorization: `Bearer ${signToken(claims, 'other')}`,
      code: 'InvalidAuthenticationToken',
    },
    {
      what: 'a token that has expired',
      authorization: `Bearer ${signToken({ ...claims, exp: 1_000 }, TOKEN_KEY)}`,
      code: 'ExpiredAuthenticationToken',
    },
    {
      what: 'a token for something else',
      authorization: `Bearer ${signToken({ ...claims, aud: 'https://vault.azure.net' }, TOKEN_KEY)}`,
      code: 'InvalidAuthenticationTokenAudience',
    },
  ])('$what: 401 $code', async ({ authorization, code }) => {
    const answer = await raw(
      `${sitePath()}?api-version=2025-05-01`,
      authorization === undefined ? {} : { authorization },
    );
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { code } });
  });

  test('what is not there: 404, and an api-version is required', async () => {
    await expect(web().get(GROUP, 'nothing')).rejects.toMatchObject({ statusCode: 404, code: 'ResourceNotFound' });
    await expect(web().get('another-group', 'storefront')).rejects.toMatchObject({
      statusCode: 404,
      code: 'ResourceGroupNotFound',
    });
    await expect(web().getSlot(GROUP, 'storefront', 'qa')).rejects.toMatchObject({ statusCode: 404 });
    const answer = await raw(sitePath(), { authorization: `Bearer ${await azure.token()}` });
    expect(answer.status).toBe(400);
  });

  test('an action outside the role: 403, told before whether the thing exists', async () => {
    azure.config.roleActions = ['Microsoft.Web/sites/read', 'Microsoft.Web/sites/slots/config/*'];
    try {
      await expect(web().get(GROUP, 'storefront')).resolves.toMatchObject({ name: 'storefront' });
      await expect(web().getConfigurationSlot(GROUP, 'storefront', 'staging')).resolves.toMatchObject({ name: 'web' });
      await expect(web().getSlot(GROUP, 'storefront', 'staging')).rejects.toMatchObject({
        statusCode: 403,
        code: 'AuthorizationFailed',
        message: expect.stringContaining("perform action 'Microsoft.Web/sites/slots/read'"),
      });
      await expect(web().getConfiguration(GROUP, 'nothing')).rejects.toMatchObject({ statusCode: 403 });
      expect((await azure.kudu('staging', '/api/deployments')).status).toBe(403);
    } finally {
      azure.config.roleActions = ['Microsoft.Web/sites/*'];
    }
  });
});

test.each([
  { role: ['*'], action: 'Microsoft.Web/sites/read', may: true },
  { role: ['microsoft.web/SITES/Read'], action: 'Microsoft.Web/sites/read', may: true },
  { role: ['Microsoft.Web/sites/slots/*'], action: 'Microsoft.Web/sites/read', may: false },
  { role: ['Microsoft.Web/sites/*/read'], action: 'Microsoft.Web/sites/slots/config/read', may: true },
  { role: ['Microsoft.Web/sites/*/read'], action: 'Microsoft.Web/sites/slots/config/write', may: false },
  { role: ['Microsoft.Web/sites.read'], action: 'Microsoft.Web/sites/read', may: false },
  { role: [], action: 'Microsoft.Web/sites/read', may: false },
])('the role $role and $action: $may', ({ role, action, may }) => {
  expect(mayAct(role, action)).toBe(may);
});

test('throttling: a burst, then the refill, reads and writes apart', () => {
  const throttle = throttleOf({ reads: { burst: 2, perSecond: 1 }, writes: { burst: 1, perSecond: 0.5 } });
  const take = (kind: 'reads' | 'writes', atMs: number) => throttle.take(kind, 10_000 + atMs);
  expect([take('reads', 0), take('reads', 0), take('reads', 0)]).toEqual([
    { remaining: 1, retryAfterSeconds: null },
    { remaining: 0, retryAfterSeconds: null },
    { remaining: 0, retryAfterSeconds: 1 },
  ]);
  expect([take('writes', 0), take('writes', 0)].map((taken) => taken.retryAfterSeconds)).toEqual([null, 2]);
  expect(take('reads', 1_000).retryAfterSeconds).toBeNull();
  expect(take('reads', 1_100).retryAfterSeconds).toBe(1);
});
