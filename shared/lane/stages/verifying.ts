import { arrive } from '../arrivals.ts';
import { briefChecks } from '../brief.ts';
import { ask, become, type Draft, type Handled, ignored, type StageEvent, wakeIn } from '../decision.ts';
import { finish } from '../finish.ts';
import type { CheckResult, Deployment } from '../lane.ts';
import { commandRollBack } from '../orders.ts';
import { assertNever } from '../words.ts';
import { startAwaitingApproval } from './awaiting-approval.ts';
import { commanded, notWatchedYet } from './commanded.ts';
import { startSwapping } from './swapping.ts';

type Verifying = Extract<Deployment, { stage: 'verifying' }>;

export function startVerifying(draft: Draft, from: Extract<Deployment, { stage: 'warming' }>): 'moved' {
  const { record, build, policy, former, goal } = from;
  ask(draft, { type: 'verify', deployment: record.id });
  wakeIn(draft, draft.facts.timing.pollThenMs);
  return become(draft, { stage: 'verifying', record, build, policy, former, goal }, 'asks the owner’s checks');
}

/** The owner's checks against the slot. */
export function verifying(draft: Draft, at: Verifying, event: StageEvent): Handled {
  switch (event.type) {
    case 'build-arrived':
      return arrive(draft, event.build);
    case 'package-copied':
    case 'package-refused':
      return ignored('the package is published already');
    case 'wake':
      ask(draft, { type: 'verify', deployment: at.record.id });
      wakeIn(draft, draft.facts.timing.pollThenMs);
      return 'moved';
    case 'settled':
      if (event.of !== 'verify' || event.effect.deployment !== at.record.id)
        return ignored('the checks are being asked');
      if (event.result.end !== 'done')
        return finish(draft, 'failed', `the checks could not be asked: ${event.result.because}`);
      return verified(draft, at, event.result.value);
    case 'command':
      return commanded(draft, at, event, {
        rollBack: ({ reason, sawLive }) => commandRollBack(draft, event.by.name, reason, sawLive),
        endWatch: notWatchedYet,
      });
    default:
      return assertNever(event);
  }
}

function verified(draft: Draft, at: Verifying, checks: CheckResult[]): Handled {
  const next: Verifying = { ...at, record: { ...at.record, checks: briefChecks(checks) } };
  const bad = checks.filter(({ ok }) => !ok);
  draft.lane.active = next;
  draft.told.push(bad.length === 0 ? 'verified' : `${bad.length} of ${checks.length} checks failed`);
  if (bad.length > 0) return finish(draft, 'failed', bad.map(({ name, why }) => `${name}: ${why}`).join('; '));
  if (at.policy.mode === 'stage') return finish(draft, 'staged', 'mode stage: verified in the slot, not swapped');
  return at.policy.approval.required && at.record.approvedBy === null
    ? startAwaitingApproval(draft, next, at.policy.approval)
    : startSwapping(draft, next);
}
