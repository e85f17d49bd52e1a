import { ask, type Draft, type Handled, ignored, intentId, wakeIn } from './decision.ts';
import type { Deployment, SwapInHand } from './lane.ts';
import type { Act, Goal } from './swap/act.ts';
import { type ActEvent, type ActFacts, type ActMove, advance, plan } from './swap/advance.ts';
import { assertNever } from './words.ts';

type Done = Extract<ActMove, { is: 'done' }>;

/** What a stage does with the ends of its act. `keep` writes the act that goes on into the stage. */
export interface ActEnds {
  keep(act: Act, told: string): 'moved';
  done(end: Done): Handled;
  failed(because: string): Handled;
  needsHuman(because: string): Handled;
  /** Only a swap leaves one behind. */
  previewPending(): Handled;
}

function actFacts(draft: Draft, at: Deployment): ActFacts {
  const { now, timing } = draft.facts;
  return { now, timing, deployment: at.record.id, newIntent: () => intentId(draft, at.record.id) };
}

/** Plans an act: the caller keeps it in its stage. */
export function planAct(draft: Draft, at: Deployment, goal: Goal): Act {
  const planned = plan(actFacts(draft, at), goal);
  ask(draft, planned.effect);
  wakeIn(draft, planned.wakeInMs);
  return planned.act;
}

/** Advances the open act of a stage, whichever stage it is. */
export function advanceAct(draft: Draft, at: Deployment, act: Act, event: ActEvent, ends: ActEnds): Handled {
  const move = advance(actFacts(draft, at), act, event);
  switch (move.is) {
    case 'on':
      for (const effect of move.effects) ask(draft, effect);
      wakeIn(draft, move.wakeInMs);
      return ends.keep(move.act, move.told);
    case 'done':
      return ends.done(move);
    case 'failed':
      return ends.failed(move.because);
    case 'needs-human':
      return ends.needsHuman(move.because);
    case 'preview-pending':
      return ends.previewPending();
    case 'ignored':
      return ignored(move.because);
    default:
      return assertNever(move);
  }
}

export type SwapEnds = Omit<ActEnds, 'keep' | 'previewPending'> & {
  keep(swap: SwapInHand, told: string): 'moved';
};

/** A swap, and the reset of the preview it may have left pending (rule 5): the reset is an act of its own, then looks go on. */
export function advanceSwap(draft: Draft, at: Deployment, swap: SwapInHand, event: ActEvent, ends: SwapEnds): Handled {
  const { interrupted } = swap;
  if (interrupted === null) {
    return advanceAct(draft, at, swap.act, event, {
      ...ends,
      keep: (act, told) => ends.keep({ act, interrupted: null }, told),
      previewPending: () =>
        ends.keep(
          { act: planAct(draft, at, { kind: 'reset' }), interrupted: swap.act },
          'a preview is stuck; resets it',
        ),
    });
  }
  return advanceAct(draft, at, swap.act, event, {
    ...ends,
    keep: (act, told) => ends.keep({ act, interrupted }, told),
    done: () => resume(draft, interrupted, ends),
    failed: (because) => ends.needsHuman(`the pending preview could not be reset: ${because}`),
    previewPending: () => ends.needsHuman('the preview is still pending'),
  });
}

function resume(draft: Draft, interrupted: Act, ends: SwapEnds): 'moved' {
  const act: Act =
    interrupted.step === 'looking' ? { ...interrupted, since: draft.facts.now, first: null } : interrupted;
  wakeIn(draft, draft.facts.timing.pollFirstMs);
  return ends.keep({ act, interrupted: null }, 'the preview was reset; looks again');
}
