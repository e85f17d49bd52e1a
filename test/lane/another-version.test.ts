import { describe, expect, test } from 'vitest';
import { decide } from '../../shared/lane/decide.ts';
import type { LaneEvent } from '../../shared/lane/decision.ts';
import type { Lane } from '../../shared/lane/lane.ts';
import type { Act, Goal } from '../../shared/lane/swap/act.ts';
import { type ActEvent, advance } from '../../shared/lane/swap/advance.ts';
import { findingOf } from '../../shared/lane/swap/finding.ts';
import { preconditions } from '../../shared/lane/swap/preconditions.ts';
import { looking, planned, publishGoal, sending } from '../builders/act.ts';
import { someFacts } from '../builders/decide.ts';
import { arrival, settled, wake } from '../builders/input.ts';
import {
  awaitingApproval,
  awaitingRollback,
  idleLane,
  lookingAtSite,
  lookingForTheWayBack,
  swappingLane,
  verifyingLane,
  warmingLane,
  watchingLane,
} from '../builders/lane.ts';
import { aLook, identityOf } from '../builders/look.ts';
import { aPolicy, byAda, timing } from '../builders/policy.ts';
import { deployment, lane as laneName } from '../builders/record.ts';
import { at } from '../builders/time.ts';

/**
 * Rows outlive a release, and so do messages: what another version of Warmswap wrote is read by this one. A word it does not know is
 * thrown (and redelivered, and told), never passed over.
 */

/** A value as another version may have written it. */
const strange = <Known>(value: unknown): Known => value as Known;
const strangeInput = strange<LaneEvent>({ id: `${laneName}~x`, lane: laneName, type: 'rename', step: 7 });
const strangeCommand = strange<LaneEvent>({
  id: `${laneName}~x`,
  lane: laneName,
  type: 'command',
  by: { name: 'Ada' },
  command: { type: 'rename' },
});

const everyStage: [string, Lane][] = [
  ['idle', idleLane()],
  ['staging', lookingAtSite()],
  ['warming', warmingLane()],
  ['verifying', verifyingLane()],
  ['awaiting-approval', awaitingApproval({ approval: byAda })],
  ['swapping', swappingLane()],
  ['watching', watchingLane()],
  ['awaiting-rollback', awaitingRollback()],
  ['rolling-back', lookingForTheWayBack()],
];

describe.each(everyStage)('%s', (_stage, lane) => {
  test.each([
    { what: 'an input', event: strangeInput },
    { what: 'a command', event: strangeCommand },
  ])('$what it does not know is thrown', ({ event }) => {
    expect(() => decide(someFacts(), lane, event)).toThrow('unexpected: ');
  });
});

const ended = settled({ type: 'look', deployment, intent: null }, { end: 'refused', because: 'forbidden' });

test.each<{ what: string; lane: Lane; event: LaneEvent }>([
  {
    what: 'a stage',
    lane: idleLane({ active: strange({ ...verifyingLane().active, stage: 'canary' }) }),
    event: wake(),
  },
  { what: 'a step of staging, woken', lane: strangeStep(lookingAtSite()), event: wake() },
  { what: 'a step of staging, told a result', lane: strangeStep(lookingAtSite()), event: ended },
  { what: 'a step of rolling back, woken', lane: strangeStep(lookingForTheWayBack()), event: wake() },
  { what: 'a step of rolling back, told a result', lane: strangeStep(lookingForTheWayBack()), event: ended },
])('$what it does not know is thrown', ({ lane, event }) => {
  expect(() => decide(someFacts(), lane, event)).toThrow('unexpected: ');
});

function strangeStep(lane: Lane): Lane {
  return { ...lane, active: strange({ ...lane.active, at: { step: 'waiting' } }) };
}

test('a way to treat arrivals that it does not know is thrown', () => {
  const policy = aPolicy({ arrivals: strange({ mode: 'merge' }) });
  expect(() => decide(someFacts({ policy }), verifyingLane(), arrival('1.2.0'))).toThrow('unexpected: ');
});

describe('an act', () => {
  const facts = { now: at('10:05'), timing, waits: null, deployment, newIntent: () => planned().intent };
  const wakeUp: ActEvent = { type: 'wake' };
  const goal = strange<Goal>({ kind: 'restart' });
  const { intent } = planned();

  test('in a step it does not know is thrown', () => {
    expect(() => advance(facts, strange<Act>({ ...planned(), step: 'lost' }), wakeUp)).toThrow('unexpected: ');
  });

  test('that ended in a way it does not know is thrown', () => {
    const result = settled({ type: 'act', deployment, intent }, strange({ end: 'delegated' })) as ActEvent;
    expect(() => advance(facts, sending(), result)).toThrow('unexpected: ');
  });

  test('towards a goal it does not know is thrown, before it is sent and after', () => {
    expect(() => preconditions(at('10:05'), timing, aPolicy(), planned(goal), identityOf('1.0.0'), aLook())).toThrow(
      'unexpected: ',
    );
    expect(() => findingOf(looking(goal), aLook(), aLook())).toThrow('unexpected: ');
  });

  test('whose publish stands in a way it does not know is thrown', () => {
    const look = aLook({ published: strange({ state: 'queued' }) });
    expect(() => findingOf(looking(publishGoal), look, look)).toThrow('unexpected: ');
  });
});
