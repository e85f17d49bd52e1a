import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { type LaneUnderTest, laneUnderTest } from './lane-under-test.ts';
import { type MortalService, mortalService } from './mortal-service.ts';
import type { Save } from './save-seen.ts';
import type { DeploymentShown } from './service-api.ts';
import type { Side } from './storage-door.ts';
import { storefront } from './storefront.ts';

const WATCH = { for: '2s', every: '400ms' };

let mortal: MortalService;
let lane: LaneUnderTest;
beforeAll(async () => {
  mortal = await mortalService(storefront({ production: { watch: WATCH } }));
  lane = laneUnderTest(mortal.running, 'production');
});
afterAll(async () => {
  if (mortal === undefined) return;
  console.table(mortal.deaths.map(({ life, at }) => ({ life, killed: at })));
  await mortal.close();
});

/** Each boundary once, one before the save and the next after it. */
function eachInTurn(first: Side, wanted: (save: Save) => boolean): (save: Save) => Side | 'pass' {
  const sides = new Map<string, Side>();
  const other = first === 'before' ? 'after' : 'before';
  return (save) => {
    if (!wanted(save)) return 'pass';
    const side = sides.get(save.boundary) ?? (sides.size % 2 === 0 ? first : other);
    sides.set(save.boundary, side);
    return side;
  };
}

const diedIn = (life: string): number => mortal.deaths.filter((death) => death.life === life).length;

/** Whoever uses the app reports errors, again until that is taken: the same event is counted once. */
async function report(version: string): Promise<void> {
  const time = new Date().toISOString();
  const report = {
    app: 'storefront',
    environment: 'production',
    version,
    occurredAt: time,
    level: 'error',
    exceptions: [{ type: `Broken${version.replaceAll('.', '')}`, message: 'no price', frames: [] }],
  };
  const event = {
    specversion: '1.0',
    id: `errors of ${version}`,
    source: '/storefront',
    type: 'io.warmswap.error.reported',
    time,
    data: Array.from({ length: 6 }, () => report),
  };
  await eventually(
    'errors are taken',
    60_000,
    () => mortal.running.api.post('/api/v1/errors', event),
    () => true,
  );
}

/** However often it died on the way: the lane, the site, the markers and Slack say the same as if it never had. */
async function sameEnd(record: DeploymentShown, outcome: string, live: string, swapsDone: number): Promise<void> {
  mortal.liveOn();
  expect([record.outcome, record.why]).toEqual([outcome, expect.any(String)]);
  const ended = await eventually('the lane is free', 60_000, lane.shown, ({ active }) => active === null);
  expect([ended.live?.version, ended.hold, ended.queue]).toEqual([live, null, []]);
  expect(await lane.answers('production')).toEqual([live]);
  const acts = await lane.acts();
  const ids = acts.map(({ clientRequestId }) => clientRequestId);
  expect(ids).not.toContain(null);
  expect(new Set(ids).size).toBe(ids.length);
  expect(acts.filter(({ applied }) => applied)).toHaveLength(swapsDone);
  const says = outcome === 'live' ? 'is live' : 'was rolled back';
  const messages = async (): Promise<string[]> => lane.messagesOf(record.id);
  await eventually(`Slack says “${says}”`, 60_000, messages, (all) => all.some((text) => text.includes(says)));
}

async function markers(expected: [string, string][]): Promise<void> {
  const all = await eventually('the markers', 15_000, lane.markers, ({ length }) => length >= expected.length);
  expect(all.map(({ kind, version }) => [kind, version])).toEqual(expected);
}

describe('the service is killed at any moment, and what it began ends the same', () => {
  test('a deployment that goes live', { timeout: 300_000 }, async () => {
    const life = 'deploy';
    mortal.dieAtSaves(
      life,
      eachInTurn('before', ({ stage }) => stage !== 'idle'),
    );
    await lane.ship({ version: '1.0.0', number: 1 });
    await sameEnd(await lane.reaches('1.0.0', 'done', 280_000), 'live', '1.0.0', 1);
    await markers([
      ['deploy', '1.0.0'],
      ['external', '0.9.0'],
    ]);
    expect(diedIn(life)).toBeGreaterThanOrEqual(20);
  });

  test('a deployment that is rolled back', { timeout: 300_000 }, async () => {
    const life = 'roll back';
    mortal.dieAtSaves(
      life,
      eachInTurn('after', ({ stage }) => stage === 'rolling-back'),
    );
    await lane.ship({ version: '1.1.0', number: 2 });
    await lane.reaches('1.1.0', 'watching');
    await report('1.1.0');
    await sameEnd(await lane.reaches('1.1.0', 'done', 280_000), 'rolled-back', '1.0.0', 3);
    await markers([
      ['rollback', '1.0.0'],
      ['deploy', '1.1.0'],
      ['deploy', '1.0.0'],
      ['external', '0.9.0'],
    ]);
    expect(diedIn(life)).toBeGreaterThanOrEqual(10);
  });

  test('the requests themselves', { timeout: 300_000 }, async () => {
    const life = 'requests';
    await lane.ship({ version: '1.2.0', number: 3 });
    await mortal.dieWhileHeld(life, 'publish|zipdeploy', 'publish');
    await mortal.dieWhileHeld(life, 'slotsswap', 'swap');
    await lane.reaches('1.2.0', 'watching', 120_000);
    await report('1.2.0');
    await mortal.dieAtReset(life, 'slotsswap', 'swap back');
    await sameEnd(await lane.reaches('1.2.0', 'done', 120_000), 'rolled-back', '1.0.0', 5);
    expect(diedIn(life)).toBe(3);
  });
});
