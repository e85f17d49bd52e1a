import { arrive } from '../arrivals.ts';
import { after, become, type Draft, type Handled, ignored, type LaneEvent, wake } from '../decision.ts';
import { finish } from '../finish.ts';
import type { Deployment } from '../lane.ts';
import { commandRollBack, holdOrRelease } from '../orders.ts';
import type { Policy } from '../policy.ts';
import { type Actor, assertNever } from '../words.ts';
import { startWarming } from './warming.ts';

type Awaiting = Extract<Deployment, { stage: 'awaiting-approval' }>;

export function startAwaitingApproval(
  draft: Draft,
  from: Extract<Deployment, { stage: 'verifying' }>,
  approval: Extract<Policy['approval'], { required: true }>,
): 'moved' {
  const { record, build, policy, former, goal } = from;
  const expiresAt = after(draft.facts.now, approval.expiresAfterMs);
  wake(draft, expiresAt);
  return become(
    draft,
    { stage: 'awaiting-approval', record, build, policy, former, goal, expiresAt },
    'waits for approval',
  );
}

/** A person decides about exactly the build that was verified. */
export function awaitingApproval(draft: Draft, at: Awaiting, event: LaneEvent): Handled {
  switch (event.type) {
    case 'build-arrived':
      return arrive(draft, event.build);
    case 'package-copied':
    case 'package-refused':
      return ignored('the package is published already');
    case 'wake':
      if (draft.facts.now < at.expiresAt) {
        wake(draft, at.expiresAt);
        return 'moved';
      }
      return finish(draft, 'expired', `nobody approved before ${at.expiresAt.toISOString()}`);
    case 'settled':
      return ignored('a person is waited for');
    case 'command':
      switch (event.command.type) {
        case 'hold':
        case 'release':
          return holdOrRelease(draft, event.by, event.command);
        case 'roll-back':
          return commandRollBack(draft, event.by.name, event.command.reason, event.command.sawLive);
        case 'approve':
          return namesAnother(at, event.command) ?? approve(draft, at, event.by);
        case 'reject':
          return (
            namesAnother(at, event.command) ??
            finish(draft, 'rejected', `${event.by.name} rejected it: ${event.command.reason}`)
          );
        case 'end-watch':
          return ignored('nothing is being watched yet');
        case 'deploy':
        case 'retry':
          return ignored(`${at.build.version} waits for approval`);
        default:
          return assertNever(event.command);
      }
    default:
      return assertNever(event);
  }
}

function namesAnother(at: Awaiting, command: { deployment: string; build: string }): Handled | null {
  if (command.build === at.build.id && command.deployment === at.record.id) return null;
  return ignored(
    `you saw ${command.build} in ${command.deployment}; waiting for approval is ${at.build.version} (${at.build.id}) in ${at.record.id}`,
  );
}

function approve(draft: Draft, at: Awaiting, by: Actor): Handled {
  const { approval } = at.policy;
  if (draft.facts.now >= at.expiresAt) return ignored('the time to approve is over');
  if (approval.required && approval.approvers.length > 0 && !approval.approvers.includes(by.name))
    return ignored(`${by.name} is not among the approvers`);
  if (approval.required && !approval.mayApproveOwn && at.record.requestedBy === by.name)
    return ignored(`${by.name} may not approve their own change`);
  // What was verified hours ago may be cold or another by now: it is warmed and asked once more before it goes live.
  return startWarming(draft, { ...at, record: { ...at.record, approvedBy: by.name } }, at.former, at.goal);
}
