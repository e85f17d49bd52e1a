import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLog } from '../functions/log-lines.ts';
import { eventually } from './eventually.ts';
import { type LaneUnderTest, laneUnderTest } from './lane-under-test.ts';
import { type RunningStack, runningStack } from './running-stack.ts';
import { storefront } from './storefront.ts';

/** Six hours: what is noticed here is noticed by an event. */
const PATROL_MS = 6 * 60 * 60_000;

let running: RunningStack;
beforeAll(async () => {
  running = await runningStack(storefront({ byhand: {}, ours: {} }), {
    timing: { patrolMs: PATROL_MS, lookGapMs: 300 },
  });
});
afterAll(() => running?.close());

async function opened(environment: string): Promise<LaneUnderTest> {
  const lane = laneUnderTest(running, environment);
  await eventually(`${lane.id} adopts 0.9.0`, 90_000, lane.shown, ({ live }) => live?.version === '0.9.0');
  return lane;
}

/** What became of the hints of a lane, as the service logged it. */
function hints({ id }: LaneUnderTest): { decision: string; told: string }[] {
  const text = readFileSync(join(running.dir, 'data/logs/functions-host.log'), 'utf8');
  return readLog(text).flatMap(({ message }) => {
    const line = message.startsWith('{') ? JSON.parse(message) : {};
    return line.what === 'lanes' && String(line.input).startsWith(`${id}~site`) ? [line] : [];
  });
}

test('a person’s own swap in an idle lane is noticed although the next patrol is hours away', async () => {
  const lane = await opened('byhand');
  await lane.person({ deploy: '7.0.0' });
  await lane.person('swap');
  const markers = await eventually('a marker of it', 60_000, lane.markers, ([newest]) => newest?.version === '7.0.0');
  expect(markers.map(({ kind, version }) => [kind, version])).toEqual([
    ['external', '7.0.0'],
    ['external', '0.9.0'],
  ]);
  expect(await lane.shown()).toMatchObject({ live: { version: '7.0.0', deployment: null }, active: null, hold: null });
  expect(await lane.acts()).toEqual([]);
  expect(hints(lane).some(({ decision }) => decision === 'applied')).toBe(true);
});

test('our own swap raises events too: nothing is concluded twice, and nobody looks for them', async () => {
  const lane = await opened('ours');
  await lane.ship({ version: '1.0.0', number: 1 });
  expect(await lane.reaches('1.0.0', 'done')).toMatchObject({ outcome: 'live' });
  const heard = await eventually(
    'what became of both events',
    60_000,
    async () => hints(lane),
    (all) => all.length >= 2,
  );
  for (const { decision, told } of heard)
    expect([decision, told]).toEqual([
      'ignored',
      expect.stringMatching(/^(the swap is being found out|production is looked at|it was our own change)/),
    ]);
  expect((await lane.swaps()).filter(({ applied }) => applied)).toHaveLength(1);
  expect(await lane.deployments()).toHaveLength(1);
  expect((await lane.markers()).map(({ kind, version }) => [kind, version])).toEqual([
    ['deploy', '1.0.0'],
    ['external', '0.9.0'],
  ]);
});
