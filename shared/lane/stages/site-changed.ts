import { after, type Draft, type Handled, ignored, wake } from '../decision.ts';
import type { Deployment } from '../lane.ts';

/** The stages that find a change of the site out by themselves, at the moment they need to know. */
const looksItself: Record<Exclude<Deployment['stage'], 'awaiting-rollback'>, string> = {
  staging: 'the site is looked at before anything is published, and again before it is swapped',
  warming: 'the slot is being asked what it holds',
  verifying: 'both slots are read before the swap',
  'awaiting-approval': 'both slots are read before the swap',
  swapping: 'the swap is being found out by its own rules',
  watching: 'production is looked at throughout the watch',
  'rolling-back': 'the rollback is being found out by its own rules',
};

/**
 * Somebody says that the site was changed: a hint, never a finding. Where a lane waits for its next look, that look comes sooner; where
 * an act is open, nothing is concluded any earlier for it. The look is a gap away, so that however many hints there are, and whoever
 * sends them, at most one look a gap follows, and so that what ARM shows has had time to follow the event.
 */
export function siteChanged(draft: Draft): Handled {
  const { lane, facts } = draft;
  const { active, patrolAt, wakeAt } = lane;
  if (isFoundOut(draft)) return ignored('it was our own change, found out already');
  if (active !== null && active.stage !== 'awaiting-rollback') return ignored(looksItself[active.stage]);
  const soon = after(facts.now, facts.timing.lookGapMs);
  // An idle lane looks at its first wake from the patrol's time on, and so both must be near.
  if (wakeAt !== null && wakeAt <= soon && (active !== null || patrolAt === null || patrolAt <= soon))
    return ignored('a look is due already');
  if (active === null) lane.patrolAt = soon;
  wake(draft, soon);
  return 'moved';
}

/** What a swap of ours came to is known when its deployment went live or back; one that was given up may still be carried out. */
function isFoundOut({ lane, facts: { named } }: Draft): boolean {
  if (named === null) return false;
  return named.outcome === 'live' || named.outcome === 'rolled-back' || named.id === lane.active?.record.id;
}
