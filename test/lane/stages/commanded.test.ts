import { describe, expect, test } from 'vitest';
import type { Lane } from '../../../shared/lane/lane.ts';
import { decided, moved } from '../../builders/decide.ts';
import { approve, holdLane, reject, releaseLane } from '../../builders/input.ts';
import {
  awaitingApproval,
  awaitingRollback,
  idleLane,
  lookingForTheWayBack,
  swappingLane,
  verifyingLane,
  warmingLane,
  watchingLane,
} from '../../builders/lane.ts';
import { byAda } from '../../builders/policy.ts';
import { aRecord } from '../../builders/record.ts';
import { at } from '../../builders/time.ts';

describe('a word that comes after the approval is told what became of it', () => {
  const approved = (lane: Lane): Lane => {
    if (lane.active === null) throw new Error('nothing moves');
    return { ...lane, active: { ...lane.active, record: { ...lane.active.record, approvedBy: 'Grace' } } };
  };
  test.each<[Lane, string]>([
    [warmingLane(), 'is being warmed'],
    [verifyingLane(), 'is being verified'],
    [swappingLane(), 'is being swapped in'],
    [watchingLane(), 'is live'],
    [awaitingRollback(), 'is live'],
    [lookingForTheWayBack(), 'is being rolled back'],
  ])('%#', (lane, isNow) => {
    for (const word of [approve(), reject()])
      expect(decided(approved(lane), word)).toBe(`ignored: Grace approved it already: 1.1.0 ${isNow}`);
  });

  test.each<[string, Lane]>([
    ['nothing moves', idleLane()],
    ['another moves', warmingLane()],
  ])('when it has ended and %s', (_, lane) => {
    const named = aRecord('done', { outcome: 'rejected', why: 'Ada rejected it: not on a Friday' });
    for (const word of [approve('Ada', '1.0.5', 'd-ended'), reject('Ada', '1.0.5', 'd-ended')])
      expect(decided(lane, word, { named })).toBe(
        'ignored: 1.1.0 has ended: rejected: Ada rejected it: not on a Friday',
      );
  });

  test('when it waits for its turn, and when nobody knows it', () => {
    const word = reject('Ada', '1.2.0', 'd-1.2.0');
    expect(decided(warmingLane(), word, { named: aRecord('queued') })).toBe('ignored: 1.1.0 waits for its turn');
    expect(decided(warmingLane(), word)).toBe('ignored: nothing waits for approval');
  });
});

describe('on hold nothing starts', () => {
  const early = { now: at('10:04') };
  const held = (): Lane => moved(awaitingApproval({ approval: byAda }), holdLane, early).lane;

  test('an approval is refused with the reason, and counts once the lane is released', () => {
    expect(decided(held(), approve(), early)).toBe('ignored: on hold by Ada: Christmas; release it first');
    const { lane } = moved(held(), releaseLane, early);
    expect(decided(lane, approve(), early)).toBe('warming');
  });

  test('who may not approve hears that', () => {
    expect(decided(held(), approve('Mallory'), early)).toBe('ignored: Mallory is not among the approvers');
  });

  test('what waits may be rejected', () => {
    expect(decided(held(), reject(), early)).toBe('nothing moves; 1.1.0 rejected; held');
  });

  test('what was approved before goes on', () => {
    const { lane } = moved(awaitingApproval({ approval: byAda }), approve(), early);
    expect(decided(lane, holdLane, early)).toBe('warming; held');
  });
});
