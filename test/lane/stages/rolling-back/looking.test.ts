import { describe, expect, test } from 'vitest';
import type { Lane } from '../../../../shared/lane/lane.ts';
import type { Look } from '../../../../shared/lane/look.ts';
import { decided, moved } from '../../../builders/decide.ts';
import { arrival, holdLane, refused, settled, unknown, wake } from '../../../builders/input.ts';
import { lookingForTheWayBack, rollingBackLane } from '../../../builders/lane.ts';
import { holding, nothing, silent, swappedLook } from '../../../builders/look.ts';
import { aPolicy } from '../../../builders/policy.ts';
import { aLive, deployment } from '../../../builders/record.ts';
import { at } from '../../../builders/time.ts';
import { again, always, kept, looked, other, type Row } from './always.ts';

describe('looking for the way back', () => {
  const seen = (look: Partial<Look>): Lane => {
    const { production, staging } = swappedLook(look);
    return rollingBackLane({
      step: 'looking',
      since: at('10:04'),
      first: { production: production.identity, staging: staging.identity, at: at('10:04:45') },
    });
  };
  const stranger = { staging: holding('2.0.0') };
  const moving = { production: holding('2.0.0') };

  test.each<Row>([
    ...always,
    { when: 'a newer build arrives', event: arrival('1.2.0'), becomes: 'rolling-back/looking; waits 1.2.0' },
    { when: 'a person holds', event: holdLane, becomes: 'rolling-back/looking; held' },
    { when: 'the clock comes', event: wake(), becomes: 'rolling-back/looking' },
    {
      when: 'the clock comes after half an hour',
      event: wake(),
      now: at('10:34:01'),
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
    { when: 'staging still holds the previous build', event: looked(), becomes: 'rolling-back/warming' },
    { when: 'an operation is in progress', event: looked({ operation: 'op' }), becomes: 'rolling-back/looking' },
    { when: 'staging holds another, seen once', event: looked(stranger), becomes: 'rolling-back/looking' },
    {
      when: 'staging holds another, seen twice',
      event: looked(stranger),
      lane: seen(stranger),
      becomes: 'rolling-back/publishing planned',
    },
    {
      when: 'staging holds another, seen twice too soon',
      event: looked({ ...stranger, at: at('10:04:59') }),
      lane: seen(stranger),
      becomes: 'rolling-back/looking',
    },
    {
      when: 'staging holds another, and another again',
      event: looked({ staging: holding('3.0.0') }),
      lane: seen(stranger),
      becomes: 'rolling-back/looking',
    },
    {
      when: 'staging does not answer, seen once',
      event: looked({ staging: silent('1.0.0') }),
      becomes: 'rolling-back/looking',
    },
    {
      when: 'staging does not answer, seen twice',
      event: looked({ staging: silent('1.0.0') }),
      lane: seen({ staging: silent('1.0.0') }),
      becomes: 'rolling-back/warming',
    },
    { when: 'production holds another, seen once', event: looked(moving), becomes: 'rolling-back/looking' },
    {
      when: 'production holds another, seen twice',
      event: looked(moving),
      lane: seen(moving),
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
    {
      when: 'nothing is kept',
      event: looked(stranger),
      lane: { ...seen(stranger), kept: [] },
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
    {
      when: 'the look was refused',
      event: settled({ type: 'look', deployment, intent: null }, refused),
      becomes: 'rolling-back/looking',
    },
    {
      when: 'how the look ended is unknown',
      event: settled({ type: 'look', deployment, intent: null }, unknown),
      becomes: 'rolling-back/looking',
    },
    {
      when: 'the look of another deployment comes',
      event: looked({}, other),
      becomes: 'ignored: the way back is being looked at',
    },
    {
      when: 'a late verdict comes',
      event: settled({ type: 'judge', deployment }, refused),
      becomes: 'ignored: the way back is being looked at',
    },
  ])('$when → $becomes', ({ event, becomes, lane = lookingForTheWayBack(), now = at('10:05') }) => {
    expect(decided(lane, event, { now })).toBe(becomes);
  });

  test('a look that failed is said, and another follows', () => {
    const { lane } = moved(seen(stranger), settled({ type: 'look', deployment, intent: null }, refused));
    expect(lane).toMatchObject({
      wakeAt: at('10:05:10'),
      active: {
        at: { first: { at: at('10:04:45') } },
        record: { why: 'the way back could not be looked at: forbidden; looks again' },
      },
    });
  });

  test('after an operation two equal looks are needed anew', () => {
    expect(moved(seen(stranger), looked({ ...stranger, operation: 'op' })).lane).toMatchObject({
      wakeAt: at('10:05:10'),
      active: { at: { first: null } },
    });
  });

  test('the kept copy is published over what staging holds, and what ran before stays known', () => {
    const { lane, effects } = moved(seen(stranger), looked(stranger));
    expect(lane).toMatchObject({
      previous: aLive('1.0.0'),
      active: { at: { kept, act: { goal: again, step: 'planned' } } },
    });
    expect(effects).toEqual([{ type: 'act', deployment, intent: `${deployment}-4` }]);
  });

  test.each([
    { what: 'a kept copy', former: aLive('1.0.0', { identity: nothing }), becomes: 'rolling-back/publishing planned' },
    {
      what: 'an adopted build that said nothing of itself',
      former: aLive('1.0.0', { identity: nothing, build: null }),
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
  ])('a slot that says nothing is never taken for $what', ({ former, becomes }) => {
    const empty = { staging: { identity: nothing, answers: true } };
    const policy = aPolicy({ versionFrom: undefined });
    const first = moved(
      rollingBackLane({ step: 'looking', since: at('10:04'), first: null }, { former, policy }),
      looked({ ...empty, at: at('10:04:45') }),
    );
    expect(first.lane.active).toMatchObject({ at: { step: 'looking' } });
    expect(decided(first.lane, looked(empty))).toBe(becomes);
  });
});
