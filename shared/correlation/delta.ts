import { laneId } from '../lane/words.ts';
import { fingerprintOf } from './fingerprint.ts';
import { hash64 } from './hash.ts';
import { latest } from './instants.ts';
import { sampleOf } from './sample.ts';
import type { ErrorDelta, ErrorReport } from './words.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A report from further ahead has a wrong clock; one from further back belongs to nothing that is still judged or compacted. */
const MOST_AHEAD = DAY;
const MOST_BEHIND = 30 * DAY;

/** A report that cannot be counted, and why. */
export interface Uncountable {
  report: ErrorReport;
  /** Its place in the message. */
  index: number;
  why: string;
}

export interface Deltas {
  deltas: ErrorDelta[];
  uncountable: Uncountable[];
}

export const minuteOf = (instant: Date): Date => new Date(Math.floor(instant.getTime() / MINUTE) * MINUTE);

/** Stable for the message however it is delivered again: CloudEvents are identified by source and id. */
export const batchOf = (event: { source: string; id: string }): string => hash64('batch', event.source, event.id);

/** What identifies a delta in the store: equal keys are one row. */
export const keyOf = (delta: ErrorDelta): string =>
  [
    delta.lane,
    delta.version === null ? 'none' : `=${delta.version}`,
    delta.minute.getTime(),
    delta.fingerprint,
    delta.batch,
  ].join('\u0000');

function clockFault(occurredAt: Date, now: Date): string | null {
  const ahead = occurredAt.getTime() - now.getTime();
  if (Number.isNaN(ahead)) return 'occurredAt is no instant';
  if (ahead > MOST_AHEAD) return 'occurredAt is more than a day ahead';
  if (ahead < -MOST_BEHIND) return 'occurredAt is more than 30 days ago';
  return null;
}

/**
 * The reports of one message as sums: one delta for each lane, version, minute and fingerprint. `lanes`: those that exist. The same message always gives
 * the same deltas, so that writing them again changes nothing.
 */
export function deltasOf(
  event: { source: string; id: string },
  reports: ErrorReport[],
  now: Date,
  lanes: ReadonlySet<string>,
): Deltas {
  const batch = batchOf(event);
  const byKey = new Map<string, ErrorDelta>();
  const uncountable: Uncountable[] = [];
  for (const [index, report] of reports.entries()) {
    const lane = laneId(report.app, report.environment);
    const why = lanes.has(lane) ? clockFault(report.occurredAt, now) : `unknown app or environment: ${lane}`;
    if (why !== null) {
      uncountable.push({ report, index, why });
      continue;
    }
    const { occurredAt, count } = report;
    const delta: ErrorDelta = {
      lane,
      version: report.version ?? null,
      minute: minuteOf(occurredAt),
      fingerprint: fingerprintOf(report),
      batch,
      count,
      firstAt: occurredAt,
      lastAt: occurredAt,
      sample: sampleOf(report),
    };
    const known = byKey.get(keyOf(delta));
    byKey.set(keyOf(delta), known === undefined ? delta : merged(known, delta));
  }
  return { deltas: [...byKey.values()], uncountable };
}

/** Two sums of one key as one; the earliest report stays the sample. */
function merged(a: ErrorDelta, b: ErrorDelta): ErrorDelta {
  const [first, second] = a.firstAt <= b.firstAt ? [a, b] : [b, a];
  return {
    ...first,
    count: a.count + b.count,
    lastAt: latest(first.lastAt, second.lastAt),
  };
}
