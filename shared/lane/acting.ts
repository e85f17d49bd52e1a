import { ask, type Draft, type Handled, ignored, intentId, wakeIn } from './decision.ts';
import { keptBack } from './kept-back.ts';
import type { Deployment } from './lane.ts';
import type { Act, Goal } from './swap/act.ts';
import { type ActEvent, type ActFacts, type ActMove, advance, plan } from './swap/advance.ts';

type Done = Extract<ActMove, { is: 'done' }>;

/** What a stage does with the ends of its act. `keep` writes the act that goes on into the stage. */
export interface ActEnds {
  keep(act: Act, told: string): 'moved';
  done(end: Done): Handled;
  failed(because: string): Handled;
  needsHuman(because: string): Handled;
}

function actFacts(draft: Draft, at: Deployment): ActFacts {
  const { now, timing, stopped } = draft.facts;
  const waits = keptBack(stopped, draft.lane);
  return { now, timing, waits, deployment: at.record.id, newIntent: () => intentId(draft, at.record.id) };
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
    case 'ignored':
      return ignored(move.because);
  }
}
