import { expect, test } from 'vitest';
import type { Lane } from '../../shared/lane/lane.ts';
import { planned, swapGoal } from '../builders/act.ts';
import { decided, moved } from '../builders/decide.ts';
import { wake } from '../builders/input.ts';
import { publishing, rollingBackLane, swappingLane } from '../builders/lane.ts';
import { identityOf } from '../builders/look.ts';
import { later } from '../builders/time.ts';

/** Planned at ten; from then on WARMSWAP_STOP is set for a day. */
test.each<[string, () => Lane]>([
  ['a publish', () => publishing(planned())],
  ['a swap', () => swappingLane(planned(swapGoal))],
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
