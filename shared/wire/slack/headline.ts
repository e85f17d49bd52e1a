import type { DeploymentRecord, Live, Outcome } from '../../lane/lane.ts';
import { assertNever } from '../../lane/words.ts';

export interface Headline {
  sign: string;
  /** What is so, and no more than is known; plain text. */
  says: string;
}

/**
 * One line on how a deployment stands, `live` being what its lane runs now; one that was approved in an emergency says so for as long
 * as it is shown.
 */
export function headline(record: DeploymentRecord, live: Live | null): Headline {
  const { sign, says } = standing(record, live);
  if (!record.brokeGlass) return { sign, says };
  return { sign: `🚨 ${sign}`, says: `${says}; approved in an emergency by ${record.approvedBy ?? 'somebody'}` };
}

/** "Live" is said of what a finding made live (`liveAt`), never of what was intended. */
function standing(record: DeploymentRecord, live: Live | null): Headline {
  const { kind, stage, outcome } = record;
  const version = record.build.version;
  const it = kind === 'rollback' ? `rollback to ${version}` : version;
  switch (stage) {
    case 'queued':
      return { sign: '⏳', says: `${it} waits for its turn` };
    case 'staging':
      return { sign: '⏳', says: `${it} is being put into staging` };
    case 'warming':
      return { sign: '⏳', says: `${it} is warming up in staging` };
    case 'verifying':
      return { sign: '⏳', says: `${it} is being verified in staging` };
    case 'awaiting-approval':
      return { sign: '✋', says: `${it} is verified in staging and waits for approval` };
    case 'swapping':
      return { sign: '⏳', says: `${it} is being swapped with production` };
    case 'watching':
      return { sign: '👀', says: `${it} ${wentLive(record)} and is being watched` };
    case 'awaiting-rollback':
      return { sign: '⚠️', says: `${it} ${wentLive(record)} and looks bad; shall it be rolled back?` };
    case 'rolling-back':
      return { sign: '↩️', says: wayBack(record, 'is being') };
    case 'done':
      return outcome === null ? { sign: '▪️', says: `${it} has ended` } : ended(it, outcome, record, live);
    default:
      return assertNever(stage);
  }
}

function ended(it: string, outcome: Outcome, record: DeploymentRecord, live: Live | null): Headline {
  switch (outcome) {
    case 'live':
      if (record.liveAt === null) return { sign: '▪️', says: `${it} has ended; it was not seen live` };
      return live?.deployment === record.id
        ? { sign: '✅', says: `${it} is live` }
        : { sign: '✔️', says: `${it} went live, and is live no longer` };
    case 'rolled-back':
      return { sign: '↩️', says: wayBack(record, 'was') };
    case 'failed':
      return { sign: '❌', says: `${it} failed${record.liveAt === null ? ' and did not go live' : ''}` };
    case 'rejected':
      return { sign: '🚫', says: `${it} was rejected` };
    case 'expired':
      return { sign: '⌛', says: `${it} expired: nobody answered in time` };
    case 'superseded':
      return { sign: '⏭️', says: `${it} was superseded by a newer build` };
    case 'cancelled':
      return { sign: '🚫', says: `${it} was cancelled` };
    case 'needs-human':
      return { sign: '🆘', says: `${it} needs a person` };
    case 'observed':
      return { sign: '👁️', says: `${it} would be deployed; the mode is observe, so nothing was done` };
    case 'staged':
      return { sign: '📦', says: `${it} is verified in staging; the mode is stage, so it was not swapped` };
    default:
      return assertNever(outcome);
  }
}

/** A deployment is rolled back to what ran before it; a rollback that was commanded takes what ran before it back to its own build. */
function wayBack({ kind, from, build }: DeploymentRecord, verb: 'was' | 'is being'): string {
  const [left, reached] = kind === 'rollback' ? [from ?? 'what ran', build.version] : [build.version, from];
  return `${left} ${verb} rolled back${reached === null ? '' : ` to ${reached}`}`;
}

const wentLive = ({ liveAt }: DeploymentRecord): string => (liveAt === null ? 'was not yet seen live' : 'is live');
