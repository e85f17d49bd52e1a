import { arrive } from '../arrivals.ts';
import { after, ask, become, type Draft, type Handled, ignored, type StageEvent, wake } from '../decision.ts';
import { finish } from '../finish.ts';
import type { Deployment } from '../lane.ts';
import { commandRollBack } from '../orders.ts';
import { mayApprove, mayReject } from '../permission.ts';
import type { Policy } from '../policy.ts';
import { type Actor, assertNever } from '../words.ts';
import { commanded, notWatchedYet } from './commanded.ts';
import { startWarming } from './warming.ts';

type Awaiting = Extract<Deployment, { stage: 'awaiting-approval' }>;

export function startAwaitingApproval(
  draft: Draft,
  from: Extract<Deployment, { stage: 'verifying' }>,
  approval: Extract<Policy['approval'], { required: true }>,
): 'moved' {
  const { record, build, policy, former, goal } = from;
  const { now } = draft.facts;
  const expiresAt = after(now, approval.expiresAfterMs);
  const early = approval.remindBeforeMs === null ? null : after(expiresAt, -approval.remindBeforeMs);
  const remindAt = early !== null && early > now ? early : null;
  wake(draft, remindAt ?? expiresAt);
  return become(
    draft,
    { stage: 'awaiting-approval', record, build, policy, former, goal, expiresAt, remindAt },
    'waits for approval',
  );
}

/** A person decides about exactly the build that was verified. */
export function awaitingApproval(draft: Draft, at: Awaiting, event: StageEvent): Handled {
  switch (event.type) {
    case 'build-arrived':
      return arrive(draft, event.build);
    case 'package-copied':
    case 'package-refused':
      return ignored('the package is published already');
    case 'wake':
      return onWake(draft, at);
    case 'settled':
      return ignored('a person is waited for');
    case 'command': {
      const { by, command } = event;
      if (command.type === 'approve') return namesAnother(at, command) ?? approve(draft, at, by);
      if (command.type === 'reject') return namesAnother(at, command) ?? reject(draft, at, by, command.reason);
      return commanded(draft, at, event, {
        rollBack: ({ reason, sawLive }) => commandRollBack(draft, by.name, reason, sawLive),
        endWatch: notWatchedYet,
      });
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

/** One reminder, then the end. The notifier shows from the instant itself that the reminder is due. */
function onWake(draft: Draft, at: Awaiting): Handled {
  const { now } = draft.facts;
  if (now >= at.expiresAt) return finish(draft, 'expired', `nobody approved before ${at.expiresAt.toISOString()}`);
  const { remindAt } = at;
  if (remindAt !== null && now < remindAt) {
    wake(draft, remindAt);
    return 'moved';
  }
  if (remindAt !== null) ask(draft, { type: 'announce', deployment: at.record.id });
  wake(draft, at.expiresAt);
  return 'moved';
}

/** An approval is single-use by itself: the stage it is given in is over with it. */
function approve(draft: Draft, at: Awaiting, by: Actor): Handled {
  if (draft.facts.now >= at.expiresAt) return ignored('the time to approve is over');
  const permission = mayApprove(at.policy.approval, draft.facts, by, at.record.requestedBy);
  if (!permission.may) return ignored(permission.because);
  const { hold } = draft.lane;
  if (hold !== null) return ignored(`on hold by ${hold.by}: ${hold.because}; release it first`);
  const record = { ...at.record, approvedBy: by.name, brokeGlass: permission.loud };
  // What was verified hours ago may be cold or another by now: it is warmed and asked once more before it goes live.
  return startWarming(draft, { ...at, record }, at.former, at.goal);
}

function reject(draft: Draft, at: Awaiting, by: Actor, reason: string): Handled {
  const permission = mayReject(at.policy, draft.facts, by);
  return permission.may ? finish(draft, 'rejected', `${by.name} rejected it: ${reason}`) : ignored(permission.because);
}
