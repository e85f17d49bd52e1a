import { type Draft, type Handled, type Ignored, ignored, type StageEvent } from '../decision.ts';
import type { Command } from '../input.ts';
import type { Deployment, DeploymentRecord } from '../lane.ts';
import { holdOrRelease } from '../orders.ts';
import { assertNever } from '../words.ts';

type Commanded = Extract<StageEvent, { type: 'command' }>;
type Of<T extends Command['type']> = Extract<Command, { type: T }>;

/** What a stage alone can answer. A text: why the command does not apply there. */
export interface OwnAnswers {
  rollBack: string | ((command: Of<'roll-back'>) => Handled);
  endWatch: string | ((command: Of<'end-watch'>) => Handled);
}

/** What becomes of a deployment in each stage, as the rest of a sentence. */
const isNow: Record<Deployment['stage'], string> = {
  staging: 'is being staged',
  warming: 'is being warmed',
  verifying: 'is being verified',
  'awaiting-approval': 'waits for approval',
  swapping: 'is being swapped in',
  watching: 'is live',
  'awaiting-rollback': 'is live',
  'rolling-back': 'is being rolled back',
};

export const notWatchedYet = 'nothing is being watched yet';

/** Every command meets every stage here: what the stage alone can answer it does, and to the rest all stages answer alike. */
export function commanded(draft: Draft, at: Deployment, { by, command }: Commanded, own: OwnAnswers): Handled {
  switch (command.type) {
    case 'hold':
    case 'release':
      return holdOrRelease(draft, by, command);
    case 'roll-back':
      return typeof own.rollBack === 'string' ? ignored(own.rollBack) : own.rollBack(command);
    case 'end-watch':
      return typeof own.endWatch === 'string' ? ignored(own.endWatch) : own.endWatch(command);
    case 'approve':
    case 'reject':
      return notAwaited(draft, at, command);
    case 'deploy':
    case 'retry':
      return ignored(`${at.build.version} ${isNow[at.stage]}`);
    default:
      return assertNever(command);
  }
}

/** Whoever decides too late, or about another, is told what became of what they meant. */
function notAwaited(draft: Draft, { record, build, stage }: Deployment, command: Of<'approve' | 'reject'>): Ignored {
  if (command.deployment !== record.id) return becameOf(draft.facts.named);
  const who = record.approvedBy === null ? 'nothing waits for approval' : `${record.approvedBy} approved it already`;
  return ignored(`${who}: ${build.version} ${isNow[stage]}`);
}

/** Why nothing can be approved or rejected where the deployment that is meant does not move. Null: none is known by that name. */
export function becameOf(named: DeploymentRecord | null): Ignored {
  if (named === null) return ignored('nothing waits for approval');
  const { build, outcome, why } = named;
  return ignored(
    outcome === null ? `${build.version} waits for its turn` : `${build.version} has ended: ${outcome}: ${why}`,
  );
}

/** Somebody speaks of what is live, having seen another; null: it is what they saw. */
export function sawAnother({ build }: Deployment, sawLive: string): Ignored | null {
  return sawLive === build.id ? null : ignored(`you saw ${sawLive} live; live is ${build.version} (${build.id})`);
}
