import { describe, expect, test } from 'vitest';
import { encode } from '../../shared/adapters/tables/codec.ts';
import type { Lane } from '../../shared/lane/lane.ts';
import type { Build, Version } from '../../shared/lane/words.ts';
import { looking, resetGoal } from '../builders/act.ts';
import { decided, moved } from '../builders/decide.ts';
import { arrival, refused, settled } from '../builders/input.ts';
import { swappingLane, verifyingLane } from '../builders/lane.ts';
import { aLook } from '../builders/look.ts';
import { aPolicy } from '../builders/policy.ts';
import { deployment } from '../builders/record.ts';
import { at } from '../builders/time.ts';

describe('what waits', () => {
  const queueing = (limit: number) => ({ policy: aPolicy({ arrivals: { mode: 'queue', limit } }) });
  /** A lane in which so many builds wait, from 1.2.0 on. */
  function waitingLane(count: number, more: Partial<Build> = {}): Lane {
    let lane = verifyingLane();
    for (let index = 0; index < count; index += 1)
      lane = moved(lane, arrival(`1.${index + 2}.0`, more), { ...queueing(20), fresh: `${10_000_000 + index}` }).lane;
    return lane;
  }

  test('supersede: a newer build takes the place of the one that waits, whose row ends', () => {
    const { lane, records, told } = moved(waitingLane(1), arrival('1.3.0'), { fresh: 'ffffffff' });
    expect(lane.queue.map(({ build }) => build.version)).toEqual(['1.3.0']);
    expect(records).toMatchObject([
      {
        build: { version: '1.2.0' },
        stage: 'done',
        outcome: 'superseded',
        why: 'superseded by 1.3.0',
        stages: [{ stage: 'queued' }, { stage: 'done', at: at('10:05') }],
      },
      { build: { version: '1.3.0' }, stage: 'queued', outcome: null },
    ]);
    expect(told).toBe('1.2.0 is superseded; 1.3.0 is queued');
  });

  test('a superseded row is the row that was written when it was queued', () => {
    const queued = moved(verifyingLane(), arrival('1.2.0'));
    const [before] = queued.records;
    const [after] = moved(queued.lane, arrival('1.3.0'), { now: at('10:06') }).records;
    expect(after).toEqual({
      ...before,
      stage: 'done',
      stages: [...(before?.stages ?? []), { stage: 'done', at: at('10:06') }],
      outcome: 'superseded',
      why: 'superseded by 1.3.0',
    });
  });

  test('supersede after queue: no more at once than one write can hold, the rest by the next arrival', () => {
    const first = moved(waitingLane(20), arrival('1.50.0'));
    expect(first.records).toHaveLength(16);
    expect(first.lane.queue.map(({ build }) => build.version)).toEqual([
      '1.17.0',
      '1.18.0',
      '1.19.0',
      '1.20.0',
      '1.21.0',
      '1.50.0',
    ]);
    const second = moved(first.lane, arrival('1.51.0'));
    expect(second.lane.queue.map(({ build }) => build.version)).toEqual(['1.51.0']);
  });

  test('queue: as many as the policy says, in the order of their coming', () => {
    const lane = waitingLane(2);
    expect(decided(lane, arrival('1.9.0'), queueing(3))).toBe('verifying; waits 1.2.0, 1.3.0, 1.9.0');
    expect(decided(lane, arrival('1.9.0'), queueing(2))).toBe(
      'ignored: the lane is busy with 1.1.0 and 2 builds wait already',
    );
    expect(
      decided(
        { ...lane, active: null, hold: { by: 'Ada', because: 'Christmas', since: at('09:00') } },
        arrival('1.9.0'),
        queueing(2),
      ),
    ).toBe('ignored: the lane is on hold: Christmas and 2 builds wait already');
  });

  /** A row at its fullest step: a swap that is looked at a second time, after its preview was reset. */
  const fullest = (): Lane => {
    const preview = looking(resetGoal(), { first: aLook(), attempt: 2 });
    return swappingLane(preview);
  };

  test('twenty builds with the longest versions wait in less than the row can hold', () => {
    const longest = (index: number) => `1.${index}.0-${'x'.repeat(200)}`.slice(0, 200);
    let lane = fullest();
    for (let index = 2; index < 22; index += 1)
      lane = moved(lane, arrival(`1.${index}.0`, { version: longest(index) as Version }), queueing(20)).lane;
    expect(lane.queue).toHaveLength(20);
    expect(encode(lane).length).toBeLessThan(30_000);
  });

  test('where texts are longer than that, fewer wait: the rest is refused like any other that finds the queue full', () => {
    const wordy = { source: `https://ci.example/${'s'.repeat(480)}`, definition: 'd'.repeat(500) };
    let lane = fullest();
    let refusal = '';
    for (let index = 2; refusal === ''; index += 1) {
      const outcome = decided(lane, arrival(`1.${index}.0`, wordy), queueing(20));
      if (outcome.startsWith('ignored')) refusal = outcome;
      else lane = moved(lane, arrival(`1.${index}.0`, wordy), queueing(20)).lane;
    }
    expect(refusal).toBe(`ignored: the lane is busy with 1.1.0 and ${lane.queue.length} builds wait already`);
    expect(lane.queue.length).toBeGreaterThan(5);
    expect(encode(lane).length).toBeLessThan(30_000);
  });

  test('a lane that left the owner’s file takes nothing more, and what waits in it ends with the next that moves it', () => {
    const isGone = true;
    expect(decided(waitingLane(1), arrival('1.3.0'), { isGone })).toBe(
      "ignored: shop@production is in the owner's file no longer",
    );
    const bad = settled({ type: 'verify', deployment }, refused);
    expect(decided(waitingLane(1), bad)).toBe('staging/looking; 1.1.0 failed');
    const first = moved(waitingLane(17), bad, { isGone });
    expect(first.records.map(({ outcome }) => outcome)).toEqual(['failed', ...Array(15).fill('cancelled')]);
    expect(first.lane).toMatchObject({ active: null, queue: [{}, {}] });
    expect(first.records.at(-1)).toMatchObject({ why: "shop@production is in the owner's file no longer" });
  });
});
