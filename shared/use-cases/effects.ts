import { deploymentIn, type Effect, type EffectResult, type PendingEffect, type Settled } from '../lane/effect.ts';
import { LastingFailure, type Ports, Unavailable, Unreadable } from '../ports.ts';
import { performAct, performPoll } from './acts.ts';
import { judgeActive } from './judge-active.ts';
import { performLook, performWarm } from './looks.ts';
import { announce, copyPackage, recordMarker, reply, sendProbe } from './tell.ts';
import { verifyStaging } from './verify.ts';
import type { Perform, Work } from './work.ts';

/** Every effect has its performer: a missing one does not compile. */
const performers: { [T in Effect['type']]: Perform<T> } = {
  look: performLook,
  act: performAct,
  poll: performPoll,
  'copy-package': copyPackage,
  warm: performWarm,
  verify: verifyStaging,
  judge: judgeActive,
  'send-probe': sendProbe,
  'record-marker': recordMarker,
  reply,
  announce,
};

/** Carries out one effect, in the trace of the deployment it belongs to. It ends in a value: what is down is met later, what is refused for good is told to the lane. */
export function perform(work: Work, pending: PendingEffect): Promise<Settled> {
  const { effect } = pending;
  const deployment = deploymentIn(effect);
  const performing = (): Promise<unknown> => performAs(work, pending, effect.type, effect);
  if (deployment === null) return performing() as Promise<Settled>;
  const trace = work.stored.traces[deployment];
  const about = { deployment, ...(trace === undefined ? {} : { trace }) };
  return work.ports.scope.within(about, performing) as Promise<Settled>;
}

async function performAs<T extends Effect['type']>(
  work: Work,
  pending: PendingEffect,
  of: T,
  effect: Effect,
): Promise<unknown> {
  const result = await settled(() => performers[of](work, effect as Extract<Effect, { type: T }>, pending), work.ports);
  return { of, effect, result };
}

async function settled<Value>(
  performing: () => Promise<EffectResult<Value>>,
  ports: Ports,
): Promise<EffectResult<Value>> {
  try {
    return await performing();
  } catch (error) {
    if (error instanceof Unavailable)
      return { end: 'later', when: error.retryAt ?? ports.now(), because: error.message };
    if (error instanceof LastingFailure || error instanceof Unreadable)
      return { end: 'refused', because: error.message };
    throw error;
  }
}
