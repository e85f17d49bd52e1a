import { holds, type Look, otherAnswers, sameIdentity } from '../look.ts';
import type { Policy, Timing } from '../policy.ts';
import { assertNever, type Identity } from '../words.ts';
import type { Act, Goal } from './act.ts';

/** The warm-up ping settings a slot must have, as App Service reads them. */
export function warmUpPingOf(policy: Policy): { path: string; statuses: string } {
  return { path: policy.warmUp.path, statuses: policy.warmUp.statuses.join(',') };
}

export type Preconditions =
  | { met: true }
  /** Somebody's operation runs: look later. */
  | { met: false; wait: string }
  /** A setting of the site makes the act unsafe: definite, nothing was sent. */
  | { met: false; refuse: string }
  /** The slots do not hold what is expected: believed when seen twice. */
  | { met: false; mismatch: string };

/** Rule 1 of DESIGN §6: what must be true of the site at the moment of acting. */
export function preconditions(
  now: Date,
  timing: Timing,
  policy: Policy,
  act: Extract<Act, { step: 'planned' }>,
  former: Identity,
  look: Look,
): Preconditions {
  const { goal } = act;
  if (look.operation !== null) {
    const waited = now.getTime() - act.since.getTime();
    if (waited > timing.operationMs)
      return { met: false, refuse: `another operation (${look.operation}) has not ended` };
    return { met: false, wait: `another operation (${look.operation}) is in progress` };
  }
  if (goal.kind === 'reset') {
    return look.targetSwapSlot === null
      ? { met: false, refuse: 'no swap with preview is pending any more' }
      : { met: true };
  }
  if (look.targetSwapSlot !== null)
    return { met: false, refuse: 'a swap with preview is pending; complete or cancel it' };
  const traffic = trafficFault(look);
  if (traffic !== null) return { met: false, refuse: traffic };
  if (act.after !== null && act.after.look.stamp !== look.stamp) {
    return { met: false, mismatch: 'a swap was completed since our last attempt' };
  }
  if (!holds(look.production, former, false)) {
    return {
      met: false,
      mismatch: `production holds ${nameOf(look.production.identity)}, expected was ${nameOf(former)}`,
    };
  }
  switch (goal.kind) {
    case 'publish':
    case 'settings':
      return { met: true };
    case 'swap':
      return swapPreconditions(policy, goal, look);
    default:
      return assertNever(goal);
  }
}

function swapPreconditions(policy: Policy, goal: Extract<Goal, { kind: 'swap' }>, look: Look): Preconditions {
  if (sameIdentity(goal.goal, goal.former)) {
    return { met: false, refuse: 'both slots say they hold the same build: a swap could not be told from none' };
  }
  const unsafe = pingFault(policy, look, 'production') ?? pingFault(policy, look, 'staging');
  if (unsafe !== null) return { met: false, refuse: unsafe };
  if (!holds(look.staging, goal.goal, true)) {
    return {
      met: false,
      mismatch: `staging holds ${nameOf(look.staging.identity)}, verified was ${nameOf(goal.goal)}`,
    };
  }
  const others = otherAnswers(look, goal.former);
  if (others.length > 0) return { met: false, mismatch: `production also answers ${others.join(', ')}` };
  return { met: true };
}

/** Settings of the site under which no swap of ours is safe; null: none. */
export function siteFaults(policy: Policy, look: Look): string | null {
  return trafficFault(look) ?? pingFault(policy, look, 'production');
}

/** With either, what is only put into staging reaches production's users: no act but a reset is safe. */
function trafficFault(look: Look): string | null {
  if (look.autoSwapSlot !== null)
    return `the site swaps with ${look.autoSwapSlot} by itself (autoSwapSlotName); turn that off`;
  if (look.rampUpPercent > 0)
    return `${look.rampUpPercent} % of production traffic is routed to a slot; remove the ramp-up rule`;
  return null;
}

/** By default even a 500 counts as warm in a swap (azure.md §1.1): the ping must ask what the owner asks. */
export function pingFault(policy: Policy, look: Look, slot: 'production' | 'staging'): string | null {
  const wanted = warmUpPingOf(policy);
  const found = look.warmUpPing[slot];
  if (found.path === wanted.path && found.statuses === wanted.statuses) return null;
  return `the ${slot} slot needs WEBSITE_SWAP_WARMUP_PING_PATH=${wanted.path} and WEBSITE_SWAP_WARMUP_PING_STATUSES=${wanted.statuses}`;
}

export function nameOf(identity: Identity): string {
  return identity.version ?? (identity.kudu === null ? 'nothing we know' : `deployment ${identity.kudu}`);
}
