import type { Effect, EffectResult, EffectValues, PendingEffect } from '../lane/effect.ts';
import type { Deployment } from '../lane/lane.ts';
import type { Ports, StoredLane } from '../ports.ts';

/** What a performer works on. A claim replaces `stored`: the save that follows is conditional on it. */
export interface Work {
  ports: Ports;
  stored: StoredLane;
}

export type Perform<T extends Effect['type']> = (
  work: Work,
  effect: Extract<Effect, { type: T }>,
  pending: PendingEffect,
) => Promise<EffectResult<EffectValues[T]>>;

/** The deployment an effect belongs to, if it is still the one that moves. */
export function activeFor(work: Work, deployment: string): Deployment | null {
  const { active } = work.stored.lane;
  return active !== null && active.record.id === deployment ? active : null;
}

export const over = (what: string): { end: 'refused'; because: string } => ({
  end: 'refused',
  because: `${what} is no longer wanted`,
});
