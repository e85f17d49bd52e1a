import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAnnouncer } from '../../infra/local/demo/announce.ts';
import { type ServiceProcess, startService } from '../../infra/local/service-process.ts';
import { portsFrom } from '../../infra/local/stack-ports.ts';
import { declareStorage } from '../../infra/local/stack-storage.ts';
import { type LocalBus, type LocalStorage, startBus, startStorage } from '../local-azure.ts';
import { type Ended, runCommand, startCommand } from '../operate/command.ts';
import { everything } from '../operate/emptied.ts';
import { eventually } from './eventually.ts';
import { type LaneUnderTest, laneUnderTest } from './lane-under-test.ts';
import { type RunningStack, runningStack } from './running-stack.ts';
import { serviceApi } from './service-api.ts';
import { type StorageDoor, storageDoor } from './storage-door.ts';
import { storefront } from './storefront.ts';

type Started = Parameters<typeof startService>;
/** How the service of the first region was started, and so that of the second. */
let config: { env: Record<string, string> } & object;
let options: Started[1];
let first: RunningStack;
let firstStorage = '';
let door: StorageDoor;
let secondStorage: LocalStorage;
let secondBus: LocalBus;
let second: ServiceProcess | undefined;
let died = false;
const dir = mkdtempSync(join(tmpdir(), 'warmswap-take-over-'));

beforeAll(async () => {
  [secondStorage, secondBus] = await Promise.all([startStorage(), startBus()]);
  await declareStorage(secondStorage.connectionString);
  first = await runningStack(storefront({ production: {} }), {
    timing: { sweepAfterMs: 500 },
    settings: async (storage) => {
      firstStorage = storage;
      door = await storageDoor(storage, async () => {
        await first.stack.host.kill();
        died = true;
      });
      return { Storage: door.connectionString };
    },
    host: (...given: Started) => {
      config = given[0] as typeof config;
      options = given[1];
      return startService(...given);
    },
  });
});
afterAll(async () => {
  await second?.stop();
  await first?.close();
  await door?.close();
  await Promise.all([secondStorage?.close(), secondBus?.close()]);
  rmSync(dir, { recursive: true, force: true });
});

/** The service of the second region, on what the take-over left there, and the same sites. */
async function secondRegion(): Promise<RunningStack> {
  const port = (await portsFrom(0, 1))();
  const env = {
    ...config.env,
    ServiceBus: secondBus.connectionString,
    Storage: secondStorage.connectionString,
    AzureWebJobsStorage: secondStorage.connectionString,
    WEBSITE_HOSTNAME: `127.0.0.1:${port}`,
  };
  second = await startService({ ...config, port, env }, { ...options, logDir: join(dir, 'logs') }, () => undefined);
  const service = `http://127.0.0.1:${port}`;
  const addresses = { ...first.stack.addresses, service, serviceBus: secondBus.connectionString };
  return {
    ...first,
    stack: { ...first.stack, addresses },
    announcer: openAnnouncer(addresses),
    api: serviceApi(service, addresses.token),
  };
}

const sweep = (service: string): Promise<unknown> =>
  fetch(`${service}/admin/functions/sweep`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });

const copy = join(dir, 'first-region');
const args = ['--from', copy, '--from-storage', '--confirm', 'devstoreaccount1', '--fenced', 'its role was removed'];
const env = () => ({ Storage: secondStorage.connectionString, FromStorage: firstStorage });
const takeOver = (...more: string[]): Promise<Ended> => runCommand('take-over', [...args, ...more], env());

test('a second region takes over from one that died with a swap in flight, and keeps it when that one comes back', {
  timeout: 300_000,
}, async () => {
  const before: LaneUnderTest = laneUnderTest(first, 'production');
  await before.ship({ version: '1.0.0', number: 1 });
  await before.reaches('1.0.0', 'done');
  door.onSave(({ boundary }) => (boundary.startsWith('swapping: swap planned') ? 'after' : 'pass'));
  await before.ship({ version: '1.1.0', number: 2 });
  await eventually(
    'the first region died',
    90_000,
    () => Promise.resolve(died),
    (dead) => dead,
  );

  const refused = await takeOver();
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toMatch(/^the lane storefront@production was changed .*: the first region may still run\. /);
  expect(existsSync(copy)).toBe(false);
  expect(await everything(secondStorage.connectionString)).toEqual(new Map());

  const ended = startCommand('take-over', [...args, '--force'], env());
  ended.child.stdout?.on('data', (text: string) => {
    if (text.includes('on hold')) ended.child.kill('SIGKILL');
  });
  await ended.ended;
  const taken = await takeOver();
  expect(taken).toMatchObject({ code: 0, stderr: '' });
  expect(taken.stdout).toContain('the first region is fenced, as you say: its role was removed\n');
  expect(taken.stdout).toContain('every journal is whole\n');
  expect(taken.stdout).toContain(
    '  storefront@production: production ran 1.0.0; 1.1.0 was swapping: look at both slots\nto do, in this order:\n',
  );
  const again = await takeOver();
  expect(again.code).toBe(0);
  expect(again.stdout).toContain('this backup was restored here at ');

  const region = await secondRegion();
  const after = laneUnderTest(region, 'production');
  const adopted = await eventually(
    'the second region adopts what production runs',
    90_000,
    async () => {
      await sweep(region.stack.addresses.service);
      return after.shown();
    },
    ({ live }) => live !== null,
  );
  expect(adopted).toMatchObject({
    active: null,
    live: { version: '1.0.0', build: { version: '1.0.0' } },
    hold: { by: 'warmswap' },
  });
  expect(await after.swaps()).toHaveLength(1);
  expect(await after.command({ type: 'release' })).toMatchObject({ state: 'applied' });
  await after.ship({ version: '1.2.0', number: 3 });
  expect(await after.reaches('1.2.0', 'done')).toMatchObject({ outcome: 'live', from: '1.0.0' });
  expect(await after.answers('production')).toEqual(['1.2.0']);
  const acts = (await after.acts()).length;

  // The first region comes back, late, and finds its role gone.
  door.onSave(() => 'pass');
  await second?.stop();
  const fenced = { error: { code: 'AuthorizationFailed', message: 'The client does not have authorization.' } };
  await first.siteFault({ match: { times: 1_000_000 }, fault: 'status', status: 403, body: fenced });
  await first.stack.host.start();
  const left = await eventually(
    'the first region gives up',
    120_000,
    async () => {
      await sweep(first.stack.addresses.service);
      return before.shown();
    },
    ({ active }) => active === null,
  );
  expect(left).toMatchObject({ queue: [], live: { version: '1.0.0' } });
  const [given] = await before.deployments();
  expect(given).toMatchObject({ build: { version: '1.1.0' }, outcome: 'failed', why: expect.stringContaining('403') });
  expect((await before.acts()).slice(acts).filter(({ applied }) => applied)).toEqual([]);
  expect(await before.swaps()).toHaveLength(2);
  await first.siteFault(null);
  expect(await before.answers('production')).toEqual(['1.2.0']);
  await region.announcer.close();
});
