import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Look } from '../../../../shared/lane/look.ts';
import { advance } from '../../../../shared/lane/swap/advance.ts';
import { looking } from '../../../builders/act.ts';
import { aLook, swappedLook } from '../../../builders/look.ts';
import { at, later } from '../../../builders/time.ts';
import { facts, looked } from './moves.ts';

/** A look that took its time: it read the slots at one instant between its beginning and its end, in milliseconds after 10:04. */
interface Taken {
  began: number;
  read: number;
  ended: number;
}

const start = at('10:04');
const instant = (ms: number): Date => later(start, ms);

/** What a look shows of a site whose production is switched at `switchedAt`. */
const shows = ({ began, read, ended }: Taken, switchedAt: number): Look => {
  const times = { began: instant(began), at: instant(ended) };
  return read < switchedAt ? aLook(times) : swappedLook(times);
};

/** The interval the act tells of, once two looks agree that it is done. Milliseconds after 10:04. */
function toldOf(looks: Taken[], switchedAt: number): { from: number; to: number } | null {
  let act = looking(undefined, { since: start, lastOld: instant(-60_000) });
  for (const taken of looks) {
    const move = advance(facts(instant(taken.ended)), act, looked(shows(taken, switchedAt)));
    if (move.is === 'done') {
      const { from, to } = move.switchedBetween;
      return { from: from.getTime() - start.getTime(), to: to.getTime() - start.getTime() };
    }
    if (move.is !== 'on' || move.act.step !== 'looking') return null;
    act = move.act;
  }
  return null;
}

describe('production was switched between the beginning of the last old look and the end of the first new one', () => {
  const old = { began: 0, read: 100, ended: 4_000 };
  const first = { began: 20_000, read: 23_900, ended: 24_000 };
  const second = { began: 40_000, read: 40_100, ended: 41_000 };
  test.each([
    { when: 'right after the old look read, long before it ended', switchedAt: 101 },
    { when: 'between the looks', switchedAt: 12_000 },
    { when: 'while the first new look was under way, before it read', switchedAt: 23_899 },
    { when: 'at the very instant it read', switchedAt: 23_900 },
  ])('$when', ({ switchedAt }) => {
    expect(toldOf([old, first, second], switchedAt)).toEqual({ from: 0, to: 24_000 });
  });

  test('two new looks are as far apart as from the end of the one to the beginning of the other', () => {
    const soon = { began: 38_999, read: 39_000, ended: 60_000 };
    expect(toldOf([old, first, soon], 12_000)).toBeNull();
    expect(toldOf([old, first, { ...soon, began: 39_000 }], 12_000)).toEqual({ from: 0, to: 24_000 });
  });

  test('whenever the looks were taken and however long they took', () => {
    const gap = fc.integer({ min: 15_000, max: 40_000 });
    const taken = fc.tuple(gap, fc.nat(12_000), fc.nat(12_000));
    let told = 0;
    fc.assert(
      fc.property(fc.array(taken, { minLength: 3, maxLength: 8 }), fc.nat(120_000), (all, switchedAt) => {
        let now = 0;
        const looks = all.map(([wait, before, after]) => {
          const look = { began: now + wait, read: now + wait + before, ended: now + wait + before + after };
          now = look.ended;
          return look;
        });
        const interval = toldOf(looks, switchedAt);
        if (interval === null) return;
        told += 1;
        expect(interval.from).toBeLessThanOrEqual(switchedAt);
        expect(interval.to).toBeGreaterThanOrEqual(switchedAt);
      }),
      { seed: 4, numRuns: 500 },
    );
    expect(told).toBeGreaterThan(100);
  });
});
