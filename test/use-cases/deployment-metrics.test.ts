import { expect, test } from 'vitest';
import type { DeploymentRecord, Lane } from '../../shared/lane/lane.ts';
import type { IntentId } from '../../shared/lane/words.ts';
import { endedAct } from '../../shared/use-cases/deployment-metrics.ts';
import { aClaim, accepted, looking, planned, sending, swapGoal } from '../builders/act.ts';
import { idleLane, swappingLane } from '../builders/lane.ts';
import { at } from '../builders/time.ts';

const other = 'd-1.1.0-9' as IntentId;
const record = (lane: Lane, outcome: DeploymentRecord['outcome']): DeploymentRecord[] =>
  lane.active === null ? [] : [{ ...lane.active.record, outcome }];
const swapping = swappingLane(looking(swapGoal));
const reset = { kind: 'reset', interrupted: looking(swapGoal) } as const;
const resetting = swappingLane(planned(reset, { intent: other }));
const wasReset = swappingLane(looking(reset, { intent: other }));

test.each([
  { when: 'it goes on', before: swapping, after: swappingLane(looking(swapGoal, { first: null })), is: null },
  { when: 'it was accepted', before: swappingLane(sending()), after: swappingLane(accepted()), is: null },
  { when: 'a preview is reset first', before: swapping, after: resetting, is: null },
  { when: 'the preview was reset', before: wasReset, after: swapping, is: 'reset done' },
  {
    when: 'it changed nothing',
    before: swapping,
    after: swappingLane(planned(swapGoal, { intent: other, attempt: 2 })),
    is: 'swap again',
  },
  { when: 'it is live', before: swapping, after: idleLane(), is: 'swap done' },
  { when: 'it failed', before: swapping, after: idleLane(), outcome: 'failed' as const, is: 'swap failed' },
  {
    when: 'nobody can tell',
    before: swapping,
    after: idleLane(),
    outcome: 'needs-human' as const,
    is: 'swap needs-human',
  },
  {
    when: 'it was not begun',
    before: swappingLane(planned()),
    after: idleLane(),
    outcome: 'cancelled' as const,
    is: 'swap given-up',
  },
  { when: 'nothing was open', before: idleLane(), after: swapping, is: null },
])('$when: $is', ({ before, after, outcome = null, is }) => {
  const ended = endedAct(before, after, record(before, outcome), at('10:05'));
  expect(ended === null ? null : `${ended.of.act} ${ended.of.end}`).toBe(is);
  if (ended !== null) expect(ended.ms).toBe(at('10:05').getTime() - aClaim().at.getTime());
});
