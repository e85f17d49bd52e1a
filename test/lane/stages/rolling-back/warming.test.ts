import { describe, expect, test } from 'vitest';
import type { LaneEvent } from '../../../../shared/lane/decision.ts';
import type { Lane } from '../../../../shared/lane/lane.ts';
import { decided, moved } from '../../../builders/decide.ts';
import { arrival, done, holdLane, refused, settled, wake } from '../../../builders/input.ts';
import { rollingBackLane } from '../../../builders/lane.ts';
import { identityOf } from '../../../builders/look.ts';
import { deployment } from '../../../builders/record.ts';
import { at } from '../../../builders/time.ts';
import { always, back, looked, other, type Row } from './always.ts';

describe('warming the previous build again', () => {
  const warming = (inARow = 0): Lane =>
    rollingBackLane({ step: 'warming', goal: identityOf('1.0.0'), inARow, deadline: at('10:05') });
  const expects = identityOf('1.0.0');
  const warm = (isWarm: boolean, of = deployment): LaneEvent =>
    settled({ type: 'warm', deployment: of, expects }, done({ warm: isWarm, why: 'answered 503' }));

  test.each<Row>([
    ...always,
    { when: 'a newer build arrives', event: arrival('1.2.0'), becomes: 'rolling-back/warming; waits 1.2.0' },
    { when: 'a person holds', event: holdLane, becomes: 'rolling-back/warming; held' },
    { when: 'the clock comes', event: wake(), becomes: 'rolling-back/warming' },
    {
      when: 'the clock comes after the deadline',
      event: wake(),
      now: at('10:05:01'),
      becomes: 'rolling-back/warming',
    },
    { when: 'it is warm after the deadline', event: warm(true), now: at('10:05:01'), becomes: 'rolling-back/warming' },
    {
      when: 'it is cold after the deadline',
      event: warm(false),
      now: at('10:05:01'),
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
    { when: 'it is warm once', event: warm(true), becomes: 'rolling-back/warming' },
    { when: 'it is cold', event: warm(false), becomes: 'rolling-back/warming' },
    {
      when: 'it is warm often enough',
      event: warm(true),
      lane: warming(2),
      becomes: 'rolling-back/swapping swap planned',
    },
    {
      when: 'another deployment is warm',
      event: warm(true, other),
      becomes: 'ignored: the previous build is being warmed',
    },
    {
      when: 'it could not be asked',
      event: settled({ type: 'warm', deployment, expects }, refused),
      becomes: 'rolling-back/warming',
    },
    { when: 'a late look comes', event: looked(), becomes: 'ignored: the previous build is being warmed' },
  ])('$when → $becomes', ({ event, becomes, lane = warming(), now = at('10:05') }) => {
    expect(decided(lane, event, { now })).toBe(becomes);
  });

  test('what is still unanswered after the deadline is given up', () => {
    const late = { now: at('10:06'), pending: [{ type: 'warm', deployment, expects } as const] };
    expect(decided(warming(), wake(), late)).toBe('nothing moves; 1.1.0 needs-human; held');
  });

  test('the answers in a row are counted anew after a cold one', () => {
    expect(moved(warming(1), warm(true)).lane.active).toMatchObject({
      at: { inARow: 2 },
      record: { why: 'warm again 2 of 3' },
    });
    expect(moved(warming(2), warm(false)).lane.active).toMatchObject({
      at: { inARow: 0 },
      record: { why: 'answered 503' },
    });
  });

  test('the swap goes towards the previous build, from the bad one', () => {
    const { lane, effects } = moved(warming(2), warm(true));
    expect(lane.active).toMatchObject({ at: { swap: { step: 'planned', goal: back } } });
    expect(effects).toEqual([{ type: 'act', deployment, intent: `${deployment}-4` }]);
  });
});
