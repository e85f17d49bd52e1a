import { afterAll, beforeAll, expect, test } from 'vitest';
import { GROUP, type LocalAzure, localAzure, until } from './local-azure.ts';
import { sampleZip } from './sample-zip.ts';

let azure: LocalAzure;
beforeAll(async () => {
  azure = await localAzure();
});
afterAll(() => azure.end());

const door = (slot: string) => `http://${azure.addresses.sites.storefront?.[slot]?.hostName}`;

test('a slot nothing was published to shows the default page: a 200 that proves nothing', async () => {
  const answer = await fetch(`${door('staging')}/`);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('waiting for your content');
});

test('a process that crashes is started again; meanwhile 502 for the request that met the crash, 503 for others', async () => {
  await azure.publish('staging', sampleZip({ version: '1.1.0' }));
  const before = await until(async () => {
    const { about } = await azure.ask('staging');
    return about.version === '1.1.0' && about.pid;
  });
  expect((await azure.ask('staging', '/crash')).status).toBe(502);
  await until(async () => (await azure.ask('staging')).status === 503);
  const after = await until(async () => {
    const { status, about } = await azure.ask('staging');
    return status === 200 && about.pid;
  });
  expect(after).not.toBe(before);
  expect((await azure.ask('production')).status).toBe(200);
});

test('a build that cannot start leaves its slot down, is tried again and again, and a good one ends that', async () => {
  expect(await azure.publish('staging', sampleZip({ version: '1.2.0', crashesAtStart: true }))).toMatchObject({
    status: 4,
  });
  await until(async () => (await azure.ask('staging')).status === 503);
  const { sites } = (await azure.control('GET', 'state')) as {
    sites: Record<string, { slots: Record<string, { health: string }> }>;
  };
  expect(sites.storefront?.slots).toMatchObject({ staging: { health: 'down' }, production: { health: 'up' } });
  await azure.publish('staging', sampleZip({ version: '1.2.1' }));
  await until(async () => (await azure.ask('staging')).about.version === '1.2.1');
});

test('an app with nothing to start is down too', async () => {
  const { zipSync, strToU8 } = await import('fflate');
  await azure.publish('staging', zipSync({ 'readme.txt': strToU8('no code here') }));
  await until(async () => (await azure.ask('staging')).status === 503);
  await azure.publish('staging', sampleZip({ version: '1.3.0' }));
  await until(async () => (await azure.ask('staging')).about.version === '1.3.0');
});

test('an app that closes a kept connection just as the next request comes costs nobody that request', async () => {
  const { zipSync, strToU8 } = await import('fflate');
  const server = `
    require('node:net').createServer((socket) => {
      let served = 0;
      socket.on('error', () => {});
      socket.on('data', (data) => {
        if (!data.includes('\\r\\n\\r\\n')) return;
        if (served > 0) return socket.destroy();
        served += 1;
        socket.write('HTTP/1.1 200 OK\\r\\nContent-Length: 22\\r\\n\\r\\n{"version":"abrupt-1"}');
      });
    }).listen(process.env.PORT);
  `;
  await azure.publish('staging', zipSync({ 'server.js': strToU8(server) }));
  await until(async () => (await azure.ask('staging')).about.version.startsWith('abrupt'));
  for (let n = 0; n < 10; n += 1) expect((await azure.ask('staging')).status).toBe(200);
  await azure.publish('staging', sampleZip({ version: '1.3.0' }));
  await until(async () => (await azure.ask('staging')).about.version === '1.3.0');
});

test('a ramp-up rule sends its share of new clients to the slot and keeps each where its cookie says; without rules there is no cookie', async () => {
  const { webApps } = azure.client();
  const ramp = (reroutePercentage: number) => {
    const rule = {
      name: 'staging',
      actionHostName: azure.addresses.sites.storefront?.staging?.hostName ?? '',
      reroutePercentage,
    };
    return webApps.updateConfiguration(GROUP, 'storefront', { experiments: { rampUpRules: [rule] } });
  };
  const ask = async (path: string, cookie?: string) => {
    const answer = await fetch(`${door('production')}${path}`, cookie === undefined ? {} : { headers: { cookie } });
    const { version } = (await answer.json()) as { version: string };
    return { version, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? null };
  };
  expect(await ask('/')).toEqual({ version: '1.0.0', cookie: null });
  await ramp(100);
  expect(await ask('/')).toEqual({ version: '1.3.0', cookie: 'x-ms-routing-name=staging' });
  expect(await ask('/', 'a=b; x-ms-routing-name=self')).toEqual({ version: '1.0.0', cookie: 'x-ms-routing-name=self' });
  await ramp(0);
  expect(await ask('/')).toEqual({ version: '1.0.0', cookie: 'x-ms-routing-name=self' });
  expect(await ask('/', 'x-ms-routing-name=staging')).toMatchObject({ version: '1.3.0' });
  expect(await ask('/?x-ms-routing-name=staging')).toMatchObject({ version: '1.3.0' });
  await ramp(50);
  const versions = await Promise.all(Array.from({ length: 60 }, () => ask('/')));
  const share = versions.filter(({ version }) => version === '1.3.0').length;
  // Odds of 1 in 10^8 that a fair coin falls outside.
  expect(share).toBeGreaterThan(8);
  expect(share).toBeLessThan(52);
  await webApps.updateConfiguration(GROUP, 'storefront', { experiments: { rampUpRules: [] } });
  expect(await ask('/', 'x-ms-routing-name=staging')).toEqual({ version: '1.0.0', cookie: null });
});
