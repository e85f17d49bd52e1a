import {
  type Decision,
  type Draft,
  decisionOf,
  draftOf,
  type Facts,
  type Handled,
  ignored,
  type LaneEvent,
} from './decision.ts';
import { keepGoing } from './finish.ts';
import type { Lane } from './lane.ts';
import { mayOperate } from './permission.ts';
import { awaitingApproval } from './stages/awaiting-approval.ts';
import { awaitingRollback } from './stages/awaiting-rollback.ts';
import { idle } from './stages/idle.ts';
import { rollingBack } from './stages/rolling-back.ts';
import { siteChanged } from './stages/site-changed.ts';
import { staging } from './stages/staging.ts';
import { swapping } from './stages/swapping.ts';
import { verifying } from './stages/verifying.ts';
import { warming } from './stages/warming.ts';
import { watching } from './stages/watching.ts';
import { assertNever } from './words.ts';

/** What a lane does about an event. Pure: the lane and the facts in, the lane as it will be and its effects out. */
export function decide(facts: Facts, lane: Lane, event: LaneEvent): Decision {
  if (event.type === 'wake' && event.step !== lane.step)
    return { kind: 'ignore', because: `a wake of step ${event.step}; the lane is at ${lane.step}`, keep: null };
  if (event.type === 'command') {
    const refusal = refusalFor(facts, lane, event);
    if (refusal !== null) return { kind: 'ignore', because: refusal, keep: null };
  }
  const draft = draftOf(facts, lane);
  const handled = route(draft, event);
  if (handled !== 'moved') return { kind: 'ignore', because: handled.ignored, keep: handled.keep };
  keepGoing(draft);
  return decisionOf(draft);
}

/** Approving and rejecting are judged where they are used, by the policy the deployment started with. */
function refusalFor(facts: Facts, lane: Lane, { by, command }: Extract<LaneEvent, { type: 'command' }>): string | null {
  if (command.type === 'approve' || command.type === 'reject') return null;
  const permission = mayOperate(lane.active?.policy ?? facts.policy, facts, by);
  return permission.may ? null : permission.because;
}

/** The table: each stage answers in its own file. */
function route(draft: Draft, event: LaneEvent): Handled {
  if (event.type === 'site-changed') return siteChanged(draft);
  const at = draft.lane.active;
  if (at === null) return idle(draft, event);
  if (event.type === 'settled' && event.of === 'look' && event.effect.deployment === null)
    return ignored('a deployment is moving now');
  switch (at.stage) {
    case 'staging':
      return staging(draft, at, event);
    case 'warming':
      return warming(draft, at, event);
    case 'verifying':
      return verifying(draft, at, event);
    case 'awaiting-approval':
      return awaitingApproval(draft, at, event);
    case 'swapping':
      return swapping(draft, at, event);
    case 'watching':
      return watching(draft, at, event);
    case 'awaiting-rollback':
      return awaitingRollback(draft, at, event);
    case 'rolling-back':
      return rollingBack(draft, at, event);
    default:
      return assertNever(at);
  }
}
