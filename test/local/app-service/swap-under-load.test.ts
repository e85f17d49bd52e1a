import { Agent, get as httpGet } from 'node:http';
import { get as httpsGet, Agent as SecureAgent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type About, GROUP, type LocalAzure, localAzure, until } from './local-azure.ts';
import { sampleZip } from './sample-zip.ts';

let azure: LocalAzure;
beforeAll(async () => {
  azure = await localAzure();
});
afterAll(() => azure.end());

interface Load {
  seen: { version: string; sentAt: number; answeredAt: number }[];
  failures: string[];
  end(): Promise<void>;
}

/** Sends requests one after the other in `lines` lines at once, over kept connections or a new one each. */
function load(url: string, lines: number, keepAlive: boolean): Load {
  const isSecure = url.startsWith('https');
  const agent = isSecure
    ? new SecureAgent({ keepAlive, maxSockets: lines, ca: azure.ca })
    : new Agent({ keepAlive, maxSockets: lines });
  const result: Load = { seen: [], failures: [], end: async () => {} };
  let isOver = false;
  const once = () =>
    new Promise<void>((done) => {
      const sentAt = Date.now();
      const failed = (why: string) => {
        result.failures.push(why);
        done();
      };
      (isSecure ? httpsGet : httpGet)(url, { agent }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on('error', (error) => failed(String(error)));
        response.on('end', () => {
          if (response.statusCode !== 200) return failed(`status ${response.statusCode}`);
          result.seen.push({ version: (JSON.parse(text) as About).version, sentAt, answeredAt: Date.now() });
          done();
        });
      }).on('error', (error) => failed(String(error)));
    });
  const line = async () => {
    while (!isOver) {
      await once();
      await sleep(4);
    }
  };
  const running = Array.from({ length: lines }, line);
  result.end = async () => {
    isOver = true;
    await Promise.all(running);
    agent.destroy();
  };
  return result;
}

const total = (loads: { seen: unknown[] }[]): number => loads.reduce((sum, { seen }) => sum + seen.length, 0);

test('three swaps under load, over kept and new connections, plain and TLS: no request fails, and none sees the old build after one saw the new', async () => {
  await azure.publish('staging', sampleZip({ version: '1.1.0' }));
  const client = azure.client();
  const host = azure.addresses.sites.storefront?.production?.hostName;
  const loads = [
    load(`http://${host}/`, 3, true),
    load(`http://${host}/`, 2, false),
    load(`http://${host}/slow?ms=600`, 3, true),
    load(`https://${host}/`, 2, true),
    load(`https://${host}/`, 1, false),
  ];
  const swaps: { expected: string; from: number }[] = [];
  for (const expected of ['1.1.0', '1.0.0', '1.1.0']) {
    swaps.push({ expected, from: Date.now() });
    await client.webApps.swapSlot(
      GROUP,
      'storefront',
      'staging',
      { targetSlot: 'production', preserveVnet: true },
      { updateIntervalInMs: 20 },
    );
    expect((await azure.ask('production')).about.version).toBe(expected);
    const soFar = total(loads);
    await until(async () => total(loads) > soFar + 60);
  }
  await Promise.all(loads.map((each) => each.end()));
  const seen = loads.flatMap((each) => each.seen);
  expect(loads.flatMap((each) => each.failures)).toEqual([]);
  expect(seen.length).toBeGreaterThan(200);
  for (const [at, { expected, from }] of swaps.entries()) {
    const before = swaps[at + 1]?.from ?? Number.POSITIVE_INFINITY;
    const during = seen.filter(({ sentAt }) => sentAt >= from && sentAt < before);
    const firstNew = Math.min(
      ...during.filter(({ version }) => version === expected).map(({ answeredAt }) => answeredAt),
    );
    const later = during.filter(({ sentAt }) => sentAt > firstNew);
    expect(later.length).toBeGreaterThan(20);
    expect(new Set(later.map(({ version }) => version))).toEqual(new Set([expected]));
  }
});

test('a request under way when the front doors are exchanged ends in the process it began in', async () => {
  await until(async () => (await azure.ask('staging')).status === 200);
  const before = (await azure.ask('production')).about;
  const slow = azure.ask('production', '/slow?ms=900');
  await azure
    .client()
    .webApps.swapSlot(
      GROUP,
      'storefront',
      'staging',
      { targetSlot: 'production', preserveVnet: true },
      { updateIntervalInMs: 20 },
    );
  expect((await azure.ask('production')).about.version).not.toBe(before.version);
  const { status, about } = await slow;
  expect({ status, version: about.version, pid: about.pid }).toEqual({
    status: 200,
    version: before.version,
    pid: before.pid,
  });
  // Only then is the old process ended; meanwhile its successor answers for staging under staging's settings.
  expect((await azure.ask('staging')).about).toMatchObject({ version: before.version, mode: 'test' });
});

test('bodies go through in both directions', async () => {
  const host = azure.addresses.sites.storefront?.production?.hostName;
  const big = 'x'.repeat(300_000);
  const echoed = await fetch(`http://${host}/echo`, { method: 'POST', body: big });
  expect(await echoed.text()).toBe(big);
});
