import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { takeBackup } from '../../infra/operate/backup/take.ts';
import { runCommand } from '../operate/command.ts';
import { clientOf, emptyTables } from '../operate/emptied.ts';
import { eventually } from './eventually.ts';
import { type LaneUnderTest, laneUnderTest } from './lane-under-test.ts';
import { type RunningStack, runningStack } from './running-stack.ts';
import type { LaneShown } from './service-api.ts';
import { type StorageDoor, storageDoor } from './storage-door.ts';
import { storefront } from './storefront.ts';

/** The account behind the door, which the commands speak to. */
let account = '';
let door: StorageDoor;
let running: RunningStack;
let lane: LaneUnderTest;
beforeAll(async () => {
  running = await runningStack(storefront({ production: {} }), {
    // A backup is taken inside the claim, and no request may be given up for that.
    timing: {
      sweepAfterMs: 500,
      functionTimeoutMs: 30_000,
      requestDeadlineMs: 15_000,
      claimMs: 15_000,
      quietMs: 46_000,
    },
    settings: async (storage) => {
      account = storage;
      door = await storageDoor(storage, () => Promise.resolve());
      return { Storage: door.connectionString };
    },
  });
  lane = laneUnderTest(running, 'production');
});
afterAll(async () => {
  await running?.close();
  await door?.close();
});

/** Backups of the swap of a build, each taken when the tables have taken its step and before the service goes on. */
async function backupsOfSwap(release: { version: string; number: number }): Promise<Record<string, string>> {
  const taken: Record<string, string> = {};
  door.onSave(({ boundary }) => {
    const step = /^swapping: swap (planned|sending|accepted)/.exec(boundary)?.[1];
    if (step === undefined || step in taken) return 'pass';
    const out = join(running.dir, `swap-${step}`);
    taken[step] = out;
    return async () => {
      const client = (name: string) => clientOf(account, name);
      await takeBackup({ client, out, now: () => new Date(), say: () => undefined });
    };
  });
  await lane.ship(release);
  await lane.reaches(release.version, 'done');
  door.onSave(() => 'pass');
  return taken;
}

/** Everything in the tables is lost; a backup takes its place, and the service runs on it. What the lane then comes to. */
async function disaster(from: string | undefined): Promise<LaneShown> {
  await running.stack.host.stop();
  await emptyTables(account);
  const args = ['--from', String(from), '--confirm', 'devstoreaccount1'];
  expect(await runCommand('restore', args, { Storage: account })).toMatchObject({ code: 0, stderr: '' });
  await running.stack.host.start();
  const shown = async (): Promise<LaneShown> => {
    await fetch(`${running.stack.addresses.service}/admin/functions/sweep`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    return lane.shown();
  };
  return eventually('what production runs is adopted', 60_000, shown, ({ live }) => live !== null);
}

const held = { active: null, queue: [], hold: { by: 'warmswap', because: expect.stringContaining('restored from') } };

test('a backup from the middle of a swap never makes that swap go on, however the old world ended', {
  timeout: 300_000,
}, async () => {
  const { input } = await lane.ship({ version: '1.0.0', number: 1 });
  await lane.reaches('1.0.0', 'done');
  const taken = await backupsOfSwap({ version: '1.1.0', number: 2 });
  expect(Object.keys(taken)).toEqual(['planned', 'sending', 'accepted']);
  const acts = (await lane.acts()).length;
  expect((await lane.shown()).live?.version).toBe('1.1.0');

  // The old world went on to live.
  for (const step of ['planned', 'sending']) {
    expect(await disaster(taken[step])).toMatchObject({ ...held, live: { version: '1.1.0', build: null } });
    const [newest] = await lane.deployments();
    expect(newest).toMatchObject({ build: { version: '1.1.0' }, outcome: 'needs-human', stage: 'done' });
    expect((await lane.outcome(input)).state).toBe('applied');
  }
  // An event of which nothing is remembered waits for the person who releases.
  const late = await lane.ship({ version: '1.0.5', number: 3 });
  expect(await lane.outcome(late.input)).toMatchObject({ state: 'applied' });
  expect(await lane.shown()).toMatchObject({ active: null, queue: [{ build: { version: '1.0.5' } }] });

  // The old world went back to where it came from.
  await lane.person('swap');
  const known = await disaster(taken.accepted);
  expect(known).toMatchObject({ ...held, live: { version: '1.0.0', build: { version: '1.0.0' } } });
  const older = await lane.ship({ version: '0.9.5', number: 0 });
  expect(await lane.outcome(older.input)).toMatchObject({
    state: 'ignored',
    because: '0.9.5 is older than 1.0.0; a person can command it',
  });
  expect(await lane.acts()).toHaveLength(acts);
  expect(await lane.answers('production')).toEqual(['1.0.0']);

  expect(await lane.command({ type: 'release' })).toMatchObject({ state: 'applied' });
  expect(await lane.shown()).toMatchObject({ active: null, hold: null, live: { version: '1.0.0' } });
  await lane.ship({ version: '1.2.0', number: 4 });
  expect(await lane.reaches('1.2.0', 'done')).toMatchObject({ outcome: 'live', from: '1.0.0' });
  expect(await lane.answers('production')).toEqual(['1.2.0']);
  const swaps = await lane.swaps();
  expect(swaps.map(({ applied }) => applied)).toEqual([true, true, true]);
  expect(new Set(swaps.map(({ clientRequestId }) => clientRequestId)).size).toBe(3);
  const verified = await runCommand('verify-journal', [], { Storage: account });
  expect(verified).toMatchObject({ code: 0, stderr: '' });
});
