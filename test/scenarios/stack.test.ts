import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TableClient } from '@azure/data-tables';
import { ServiceBusClient } from '@azure/service-bus';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterEach, expect, test } from 'vitest';
import { openAnnouncer } from '../../infra/local/demo/announce.ts';
import { buildCompleted } from '../../infra/local/demo/event.ts';
import { makeBuild } from '../../infra/local/demo/sample-build.ts';
import { Answers, findNoCanary, plantInStack } from '../canaries.ts';
import { eventually } from './eventually.ts';
import { type DeploymentShown, type LaneShown, type ServiceApi, serviceApi } from './service-api.ts';
import {
  addressesOf,
  bound,
  busyPort,
  freeRun,
  PORTS,
  type Started,
  sampleApps,
  startByHand,
} from './started-stack.ts';

const all: Started[] = [];
const dirs: string[] = [];

afterEach(async () => {
  for (const started of all.splice(0)) {
    if (started.left().length > 0) started.signalGroup('SIGKILL');
    await started.ended;
  }
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'warmswap-start-'));
  dirs.push(dir);
  return dir;
}

function start(...args: string[]): Started {
  const started = startByHand(...args);
  all.push(started);
  return started;
}

interface Addresses {
  service: string;
  serviceBus: string;
  storage: string;
  arm: string;
  slack: string;
  sites: Record<string, { production: string; staging: string }>;
}

const LANE = 'storefront@production';
/** The promise; the machine may have other tests to run, so that only one test holds it to that. */
const READY_MS = 20_000;
const PATIENCE_MS = 60_000;

async function ready(started: Started): Promise<Addresses> {
  return (await addressesOf(started, PATIENCE_MS)) as unknown as Addresses;
}

async function nothingLeft(started: Started, from: number): Promise<void> {
  const left = async () => ({ processes: started.left(), ports: await bound(from, PORTS) });
  const none = ({ processes, ports }: Awaited<ReturnType<typeof left>>) => processes.length + ports.length === 0;
  await eventually('everything has ended', 25_000, left, none);
}

test('--json prints one line of addresses, each of which answers; Ctrl-C ends everything', {
  timeout: 90_000,
}, async () => {
  const from = await freeRun(PORTS);
  const started = start('--json', '--port-base', String(from), '--data', folder());
  const since = Date.now();
  const addresses = await ready(started);
  expect(Date.now() - since).toBeLessThan(READY_MS);
  expect(Object.keys(addresses)).toEqual(['service', 'serviceBus', 'storage', 'arm', 'slack', 'sites']);
  expect(Object.keys(addresses.sites)).toEqual([LANE]);
  expect(addresses.service).toBe(`http://127.0.0.1:${from}`);
  expect(await bound(from, PORTS)).toHaveLength(PORTS);

  const status = async (url: string): Promise<number> => (await fetch(url)).status;
  expect(await status(`${addresses.service}/healthz`)).toBe(200);
  expect(await status(`${addresses.service}/api/v1/lanes`)).toBe(401);
  expect(await status(addresses.slack)).toBe(200);
  expect(await status(addresses.sites[LANE]?.production ?? '')).toBe(200);
  expect(await status(addresses.sites[LANE]?.staging ?? '')).toBe(200);
  // ARM answers by https alone, with a certificate of its own that only who was told trusts.
  await expect(fetch(addresses.arm)).rejects.toMatchObject({
    cause: { code: expect.stringMatching(/CERT|SIGNATURE/) },
  });
  const lanes = TableClient.fromConnectionString(addresses.storage, 'Lanes', { allowInsecureConnection: true });
  const lane = async () => (await lanes.getEntity<{ state: string }>(LANE, 'lane')).state;
  expect(await eventually('the lane is there', 20_000, lane, (state) => state !== '')).toContain(LANE);
  expect(await BlobServiceClient.fromConnectionString(addresses.storage).getContainerClient('builds').exists()).toBe(
    true,
  );
  const bus = new ServiceBusClient(addresses.serviceBus);
  expect(await bus.createReceiver('builds').peekMessages(1)).toEqual([]);
  await bus.close();

  started.signalGroup('SIGINT');
  expect(await started.ended).toBe(0);
  expect(started.left()).toEqual([]);
  await nothingLeft(started, from);
  expect(started.stdout().split('\n')).toEqual([expect.any(String), '']);
  expect(started.stderr()).toBe('');
});

test('SIGTERM to it alone ends everything, also while it is starting', { timeout: 60_000 }, async () => {
  const from = await freeRun(PORTS);
  const started = start('--json', '--port-base', String(from), '--data', folder());
  await eventually(
    'a part has its port',
    PATIENCE_MS,
    () => bound(from, PORTS),
    ({ length }) => length > 0,
  );
  started.child.kill('SIGTERM');
  expect(await started.ended).toBe(0);
  expect([started.left(), started.stderr()]).toEqual([[], '']);
  await nothingLeft(started, from);
});

test('killed with -9, its children end by themselves', { timeout: 90_000 }, async () => {
  const from = await freeRun(PORTS);
  const started = start('--json', '--port-base', String(from), '--data', folder());
  await ready(started);
  expect(started.left().length).toBeGreaterThan(5);
  started.child.kill('SIGKILL');
  await started.ended;
  await nothingLeft(started, from);
});

/** Ships a build and waits until it is live. */
async function shipped(addresses: Addresses, api: ServiceApi, version: string, number: number): Promise<void> {
  const build = makeBuild(version);
  const announcer = openAnnouncer(addresses);
  const url = await announcer.upload(`${version}.zip`, build.zip);
  const facts = { app: 'storefront', environment: 'production', build, url, sha256: build.sha256, number };
  const by = { requestedBy: { name: 'Ada Lovelace', email: 'ada@example.com' }, commits: ['work'] };
  const event = buildCompleted({ id: `build-${number}`, ...facts, ...by, at: new Date() });
  await announcer.announce(event, event.id);
  await announcer.close();
  const record = async () => {
    const path = `/api/v1/deployments?lane=${encodeURIComponent(LANE)}`;
    const { deployments } = await api.get<{ deployments: DeploymentShown[] }>(path);
    return deployments.find((each) => each.build.version === version);
  };
  const ended = await eventually(`${version} has ended`, 60_000, record, (found) => found?.stage === 'done');
  expect(ended?.outcome).toBe('live');
  // A wake that was lost would be made good by the sweep alone, up to a minute later.
  const [queued, staging] = ended?.stages.map(({ at }) => Date.parse(at)) ?? [];
  expect((staging ?? Number.NaN) - (queued ?? Number.NaN)).toBeLessThan(25_000);
}

test('what was live stays live over a restart, and the next build goes live after it', {
  timeout: 150_000,
}, async () => {
  const data = folder();
  plantInStack(data);
  const heard = new Answers();
  const answers = async (addresses: Addresses): Promise<string> =>
    (await (await fetch(`${addresses.sites[LANE]?.production}/version.json`)).text()).trim();
  const apiOf = ({ service }: Addresses): ServiceApi => {
    const { token } = JSON.parse(readFileSync(join(data, 'addresses.json'), 'utf8')) as { token: string };
    return serviceApi(service, token, heard);
  };
  const shown = (api: ServiceApi) => api.get<LaneShown>(`/api/v1/lanes/${encodeURIComponent(LANE)}`);

  const first = start('--json', '--port-base', '0', '--data', data);
  const before = await ready(first);
  await shipped(before, apiOf(before), '1.0.0', 1);
  const was = await shown(apiOf(before));
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);

  const second = start('--json', '--port-base', '0', '--data', data);
  const after = await ready(second);
  // What was written last of all is there: nothing moves any more, and what ended has ended.
  expect(await shown(apiOf(after))).toMatchObject({ live: was.live, active: null, queue: [] });
  expect(await answers(after)).toContain('"version":"1.0.0"');
  await shipped(after, apiOf(after), '1.1.0', 2);
  expect(await answers(after)).toContain('"version":"1.1.0"');
  const { deployments } = await apiOf(after).get<{ deployments: DeploymentShown[] }>(
    `/api/v1/deployments?lane=${encodeURIComponent(LANE)}`,
  );
  expect(deployments.map(({ build, outcome }) => [build.version, outcome])).toEqual([
    ['1.1.0', 'live'],
    ['1.0.0', 'live'],
  ]);
  await findNoCanary({ ...after, logDir: join(data, 'logs'), answers: heard });
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});

test.each([
  {
    what: 'an unknown option',
    args: () => ['--prot-base', '7100'],
    says: /^Unknown option '--prot-base'/,
  },
  {
    what: 'a port that is no number',
    args: () => ['--port-base', 'many'],
    says: /^--port-base must be 0 \(free ports\) or a number from 1024 to 65000, not many$/,
  },
  {
    what: 'no file',
    args: (dir: string) => ['--app', join(dir, 'absent.yaml')],
    says: /^there is no file .*absent\.yaml; name one with --app$/,
  },
  {
    what: 'a folder as the file',
    args: (dir: string) => ['--app', dir],
    says: /^there is no file .*; name one with --app$/,
  },
  {
    what: 'a fault in apps.yaml',
    args: (dir: string) => [
      '--app',
      written(dir, readFileSync(sampleApps, 'utf8').replace('mode: swap', 'mode: swop')),
    ],
    says: /apps\.yaml cannot be used: apps\.storefront\.environments\.production\.mode: /,
  },
  {
    what: 'an apps.yaml that is no YAML',
    args: (dir: string) => ['--app', written(dir, 'apps: [')],
    says: /apps\.yaml cannot be used: not readable as YAML: /,
  },
])('$what: one clear sentence, exit code 1, and nothing was started', async ({ args, says }) => {
  const dir = folder();
  const started = start('--port-base', '0', '--data', join(dir, 'data'), ...args(dir));
  expect(await started.ended).toBe(1);
  expect(sentence(started)).toMatch(says);
  expect(started.left()).toEqual([]);
});

test.each([
  { which: 'the first', offset: 0 },
  { which: 'one of storage', offset: 3 },
  { which: 'the last', offset: PORTS - 1 },
])(
  '$which of its ports is busy: one clear sentence, exit code 1, nothing left',
  { timeout: 60_000 },
  async ({ offset }) => {
    const from = await freeRun(PORTS);
    const release = await busyPort(from + offset);
    const started = start('--port-base', String(from), '--data', folder());
    expect(await started.ended).toBe(1);
    expect(sentence(started)).toMatch(
      new RegExp(`^[a-z-]+: port ${from + offset} is in use; choose another with --port-base$`),
    );
    expect(started.left()).toEqual([]);
    await release();
    await nothingLeft(started, from);
  },
);

function written(dir: string, text: string): string {
  const file = join(dir, 'apps.yaml');
  writeFileSync(file, text);
  return file;
}

/** All it said, which must be one line, on stderr. */
function sentence(started: Started): string {
  expect(started.stdout()).toBe('');
  const [line, ...more] = started.stderr().trimEnd().split('\n');
  expect(more).toEqual([]);
  return line ?? '';
}
