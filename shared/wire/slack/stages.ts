import type { DeploymentRecord, StageName } from '../../lane/lane.ts';
import { assertNever } from '../../lane/words.ts';
import { time } from './blocks.ts';

/** The stages gone through, each with how long it took; the one under way with when it began. */
export function stageLines({ stages, stage, outcome }: DeploymentRecord): string {
  const failed = outcome === 'failed' || outcome === 'needs-human' || outcome === 'rejected' || outcome === 'expired';
  return stages
    .filter((entered) => entered.stage !== 'done')
    .map((entered, index, kept) => {
      const next = stages[stages.indexOf(entered) + 1];
      const name = nameOf(entered.stage);
      const last = index === kept.length - 1;
      if (next === undefined && stage !== 'done') {
        return `${isWaiting(entered.stage) ? '✋' : '▸'} ${name} since ${time(entered.at)}`;
      }
      const sign = last && failed ? '✗' : '✓';
      const took = next === undefined ? '' : ` · ${lengthOf(next.at.getTime() - entered.at.getTime())}`;
      return `${sign} ${name} ${time(entered.at)}${took}`;
    })
    .join('\n');
}

const isWaiting = (stage: StageName): boolean =>
  stage === 'queued' || stage === 'awaiting-approval' || stage === 'awaiting-rollback';

function nameOf(stage: StageName): string {
  switch (stage) {
    case 'queued':
      return 'waiting for its turn';
    case 'staging':
      return 'into staging';
    case 'warming':
      return 'warm-up';
    case 'verifying':
      return 'checks';
    case 'awaiting-approval':
      return 'waiting for approval';
    case 'swapping':
      return 'swap';
    case 'watching':
      return 'watch';
    case 'awaiting-rollback':
      return 'waiting for a word on rollback';
    case 'rolling-back':
      return 'rollback';
    case 'done':
      return 'done';
    default:
      return assertNever(stage);
  }
}

/** `850 ms`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function lengthOf(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
