import type { Draft } from '../decision.ts';
import type { Stranger } from '../lane.ts';
import { holds, type Look, sameIdentity, timeBetween } from '../look.ts';
import { nameOf } from '../swap/preconditions.ts';
import type { Identity } from '../words.ts';

/** `busy`: somebody's operation runs, nothing is concluded. `sure`: seen twice, far enough apart. */
export type Sighting = { is: 'ours' | 'busy' } | { is: 'stranger'; stranger: Stranger; sure: boolean };

/** What a look at production says about the build that went live: a person's own swap or deploy is noticed and never fought. */
export function sighted({ facts }: Draft, goal: Identity, before: Stranger | null, look: Look): Sighting {
  if (look.operation !== null) return { is: 'busy' };
  if (holds(look.production, goal, false)) return { is: 'ours' };
  const { identity } = look.production;
  const first = before !== null && sameIdentity(before.identity, identity) ? before : { identity, at: look.at };
  const sure = timeBetween(first, look) >= facts.timing.lookGapMs;
  return { is: 'stranger', stranger: first, sure };
}

/** Seen once and then no more, for so long that a person must look; null: not (yet). */
export function lostSight({ facts }: Draft, stranger: Stranger | null): string | null {
  if (stranger === null || facts.now.getTime() - stranger.at.getTime() <= facts.timing.operationMs) return null;
  return `production was seen to hold ${nameOf(stranger.identity)}, and could not be looked at since`;
}
