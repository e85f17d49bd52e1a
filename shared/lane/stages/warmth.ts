import { ask, type Draft, isAsked, wakeIn } from '../decision.ts';
import type { Effect } from '../effect.ts';
import type { Deployment } from '../lane.ts';
import type { Identity } from '../words.ts';

/**
 * Asks the slot once whether it is warm, and sets the clock for the next time. After the deadline it is asked all the same, because the
 * time may have passed without us: a process died, or the platform slept. False: what was asked before is still not answered by then.
 */
export function askWhetherWarm(draft: Draft, { record, policy }: Deployment, goal: Identity, deadline?: Date): boolean {
  const asking: Effect = { type: 'warm', deployment: record.id, expects: goal };
  if (deadline !== undefined && draft.facts.now > deadline && isAsked(draft, asking)) return false;
  ask(draft, asking);
  wakeIn(draft, policy.warmUp.everyMs);
  return true;
}

/** After the deadline the first answer that is not warm ends the waiting; a slot that is warm is asked on. */
export const isWarmTooLate = ({ facts }: Draft, warm: boolean, deadline: Date): boolean =>
  !warm && facts.now > deadline;
