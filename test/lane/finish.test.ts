import { describe, expect, test } from 'vitest';
import { draftOf } from '../../shared/lane/decision.ts';
import { finish, needsHuman, openAct, withOpenAct } from '../../shared/lane/finish.ts';
import type { Lane } from '../../shared/lane/lane.ts';
import { aClaim, looking, planned, publishGoal, quiet, sending, swapGoal } from '../builders/act.ts';
import { aRef } from '../builders/build.ts';
import { someFacts } from '../builders/decide.ts';
import {
  awaitingRollback,
  idleLane,
  lookingAtSite,
  lookingForTheWayBack,
  publishing,
  rollingBackLane,
  swappingLane,
  verifyingLane,
  watchingLane,
} from '../builders/lane.ts';
import { identityOf } from '../builders/look.ts';
import { deployment } from '../builders/record.ts';
import { at } from '../builders/time.ts';

test('a deployment that ends says how and why, and the lane is patrolled', () => {
  const draft = draftOf(someFacts(), verifyingLane());
  expect(finish(draft, 'failed', 'home: answered 500')).toBe('moved');
  expect(draft.lane).toMatchObject({ active: null, wakeAt: at('10:10') });
  expect(draft.records.get(deployment)).toMatchObject({
    stage: 'done',
    outcome: 'failed',
    why: 'home: answered 500',
    stages: [{ stage: 'queued' }, { stage: 'verifying' }, { stage: 'done', at: at('10:05') }],
  });
  expect(draft.told).toEqual(['1.1.0: failed: home: answered 500']);
});

test('nothing of what it asked for in the same decision is sent', () => {
  const draft = draftOf(someFacts(), verifyingLane());
  draft.effects.push({ type: 'act', deployment, intent: planned().intent });
  finish(draft, 'cancelled', 'Ada rolled back');
  expect(draft.effects).toEqual([{ type: 'announce', deployment }]);
});

test('ending what does not move is a fault of ours', () => {
  expect(() => finish(draftOf(someFacts(), idleLane()), 'failed', '')).toThrow('no deployment is moving');
});

test('what needs a person holds the lane', () => {
  const draft = draftOf(someFacts(), verifyingLane());
  needsHuman(draft, 'production holds 2.0.0');
  expect(draft.lane.hold).toEqual({ by: 'warmswap', because: 'production holds 2.0.0', since: at('10:05') });
  expect(draft.effects).toEqual([
    { type: 'announce', deployment },
    { type: 'announce', deployment: null },
  ]);
});

describe('the open act', () => {
  const kept = { build: aRef('1.0.0'), sha256: aRef('1.0.0').sha256 };
  test.each<{ when: string; lane: Lane; open: boolean }>([
    { when: 'swapping', lane: swappingLane(planned()), open: true },
    { when: 'publishing', lane: publishing(), open: true },
    {
      when: 'publishing a kept copy',
      lane: rollingBackLane({ step: 'publishing', act: planned(publishGoal), kept }),
      open: true,
    },
    {
      when: 'swapping back',
      lane: rollingBackLane({ step: 'swapping', goal: identityOf('1.0.0'), swap: planned() }),
      open: true,
    },
    { when: 'looking at the site', lane: lookingAtSite(), open: false },
    { when: 'looking for the way back', lane: lookingForTheWayBack(), open: false },
    {
      when: 'warming the previous build',
      lane: rollingBackLane({ step: 'warming', goal: identityOf('1.0.0'), inARow: 0, deadline: at('10:10') }),
      open: false,
    },
    { when: 'verifying', lane: verifyingLane(), open: false },
    { when: 'watching', lane: watchingLane(), open: false },
    { when: 'asking whether to roll back', lane: awaitingRollback(), open: false },
    { when: 'idle', lane: idleLane(), open: false },
  ])('$when: $open; a claim is written where it is, and nowhere else', ({ lane, open }) => {
    const claimed = sending(swapGoal, { claim: aClaim() });
    if (!open) {
      expect(openAct(lane)).toBeNull();
      expect(() => withOpenAct(lane, claimed)).toThrow('no act is open');
      return;
    }
    expect(openAct(lane)?.step).toBe('planned');
    const after = withOpenAct(lane, claimed);
    expect(openAct(after)).toEqual(claimed);
    expect(withOpenAct(after, openAct(lane) ?? claimed)).toEqual(lane);
  });

  test('every step of it is open', () => {
    for (const act of [planned(), sending(), quiet(), looking()]) expect(openAct(swappingLane(act))).toBe(act);
  });
});
