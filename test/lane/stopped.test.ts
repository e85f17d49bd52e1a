import { describe, expect, test } from 'vitest';
import { isStale } from '../../shared/lane/kept-back.ts';
import type { Lane } from '../../shared/lane/lane.ts';
import { accepted, planned, resetGoal, swapGoal } from '../builders/act.ts';
import { decided, moved } from '../builders/decide.ts';
import { wake } from '../builders/input.ts';
import { publishing, rollingBackLane, swappingLane } from '../builders/lane.ts';
import { identityOf } from '../builders/look.ts';
import { at, later } from '../builders/time.ts';

/** Planned at ten; from then on WARMSWAP_STOP is set for a day. */
test.each<[string, () => Lane]>([
  ['a publish', () => publishing(planned())],
  ['a swap back', () => rollingBackLane({ step: 'swapping', goal: identityOf('1.0.0'), swap: planned(swapGoal) })],
])('%s that is planned waits for the end of the stop, which is told once', (_, start) => {
  let lane = start();
  const before = decided(lane, wake(lane.step));
  const told: string[] = [];
  for (let hours = 0; hours < 24; hours += 1) {
    if (lane.wakeAt === null) throw new Error('nothing comes back');
    const now = later(lane.wakeAt, hours * 3_600_000);
    const move = moved(lane, wake(lane.step), { now, stopped: true });
    lane = move.lane;
    if (move.told !== '') told.push(move.told);
  }
  expect(told).toEqual(['waits: WARMSWAP_STOP is set']);
  if (lane.wakeAt === null) throw new Error('nothing comes back');
  expect(decided(lane, wake(lane.step), { now: lane.wakeAt })).toBe(before);
});

const hold = { by: 'Ada', because: 'Christmas', since: at('10:00') };
const minute = 60_000;

/** A deploy's swap planned at ten, kept back for so many minutes, by wakes ten seconds apart. */
function keptBack(minutes: number, by: 'the stop' | 'a hold'): { lane: Lane; told: string[] } {
  let lane: Lane = { ...swappingLane(planned(swapGoal)), hold: by === 'a hold' ? hold : null };
  const told: string[] = [];
  for (let now = at('10:00'); now <= later(at('10:00'), minutes * minute); now = later(now, 10_000)) {
    const move = moved(lane, wake(lane.step), { now, stopped: by === 'the stop' });
    lane = move.lane;
    if (move.told !== '') told.push(move.told);
  }
  return { lane: { ...lane, hold: null }, told };
}

describe.each([
  { by: 'the stop', why: 'waits: WARMSWAP_STOP is set' },
  { by: 'a hold', why: 'waits: on hold by Ada: Christmas' },
] as const)('a deploy’s swap of which nothing was sent, kept back by $by', ({ by, why }) => {
  const at30 = { now: at('10:30') };

  test('waits, says so once, and goes on when that was short', () => {
    const { lane, told } = keptBack(4, by);
    expect(told).toEqual([why]);
    expect(decided(lane, wake(lane.step), { now: at('10:04:10') })).toBe('swapping swap planned');
    expect(moved(lane, wake(lane.step), { now: at('10:04:10') }).effects).toMatchObject([{ type: 'act' }]);
  });

  test('is warmed and verified anew when that was long', () => {
    const { lane, told } = keptBack(25, by);
    expect(told).toEqual([why]);
    const move = moved(lane, wake(lane.step), at30);
    expect(move.told).toBe('warms the slot');
    expect(move.lane.active).toMatchObject({ stage: 'warming', goal: identityOf('1.1.0'), inARow: 0 });
    expect(move.effects.map(({ type }) => type)).toEqual(['warm', 'announce']);
  });

  test('is not sent late by whoever finds it still asked for', () => {
    const { lane } = keptBack(25, by);
    expect(isStale(at('10:30'), lane)).toBe(true);
    expect(isStale(at('10:30'), keptBack(1, by).lane)).toBe(true);
    expect(isStale(at('10:04'), keptBack(1, by).lane)).toBe(false);
    expect(isStale(at('10:30'), swappingLane(planned()))).toBe(false);
  });
});

test('a hold keeps back nothing else that moves', () => {
  const back = { step: 'swapping', goal: identityOf('1.0.0'), swap: planned(swapGoal) } as const;
  for (const lane of [publishing(planned()), rollingBackLane(back), swappingLane(planned(resetGoal()))]) {
    const { effects, told } = moved({ ...lane, hold }, wake(lane.step));
    expect(effects).toMatchObject([{ type: 'act' }]);
    expect(told).toBe('tries to act');
  }
  expect(decided({ ...swappingLane(accepted()), hold }, wake())).toBe('swapping swap accepted; held');
});
