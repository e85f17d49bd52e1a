import { laneId } from '../lane/words.ts';
import { fingerprintOf } from './fingerprint.ts';
import { hash64 } from './hash.ts';
import { earliest, latest } from './instants.ts';
import { type FrameKeyOf, rememberingFrames } from './normalise-frame.ts';
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
export const rowOf = (delta: Omit<ErrorDelta, 'sample'>): string =>
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
 * The reports of one message as sums: one delta for each lane, version, minute and fingerprint. `lanes`: those that exist.
 * `keyOf`: shared by the messages of a batch, it saves most of the work. The same message always gives
 * the same deltas, so that writing them again changes nothing.
 */
export function deltasOf(
  event: { source: string; id: string },
  reports: ErrorReport[],
  now: Date,
  lanes: ReadonlySet<string>,
  keyOf: FrameKeyOf = rememberingFrames(),
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
    const counted = {
      lane,
      version: report.version ?? null,
      minute: minuteOf(occurredAt),
      fingerprint: fingerprintOf(report, keyOf),
      batch,
      count,
      firstAt: occurredAt,
      lastAt: occurredAt,
    };
    const key = rowOf(counted);
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? { ...counted, sample: sampleOf(report) } : more(known, report));
  }
  return { deltas: [...byKey.values()], uncountable };
}

/** The sum with one report more; the first one of the message stays the sample. */
const more = (delta: ErrorDelta, { count, occurredAt }: ErrorReport): ErrorDelta => ({
  ...delta,
  count: delta.count + count,
  firstAt: earliest(delta.firstAt, occurredAt),
  lastAt: latest(delta.lastAt, occurredAt),
});
