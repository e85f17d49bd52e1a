import type { Fingerprint, Version } from '../lane/words.ts';
import { NO_VERSION, type Tied, type Timeline, tie } from './attribution.ts';
import { minuteOf } from './delta.ts';
import { earliest, latest } from './instants.ts';
import { isProbe } from './probe.ts';
import type { ErrorDelta } from './words.ts';

/** The batch of a sum that compaction left; the ids of messages never look like it. */
export const SUM = 'sum';

export interface Span {
  count: number;
  firstAt: Date;
  lastAt: Date;
}

/** What the deltas of one fingerprint come to. */
export interface Counted {
  fingerprint: Fingerprint;
  total: number;
  /** Reports whose minute was compacted before they came: they may have been counted already. */
  late: number;
  firstAt: Date;
  lastAt: Date;
  /** By version, or by what stands for it; see attribution. */
  under: Map<string, Span>;
  /** Versions it was seen in. */
  seenIn: Set<Version>;
  /** Seen without a version before the first marker. */
  beforeMarkers: boolean;
  newest: ErrorDelta;
}

/** A delta that counts, tied to its version. */
export type TiedDelta = ErrorDelta & { tied: Tied };

/** All of a lane's deltas, added up. */
export interface Sums {
  groups: Map<Fingerprint, Counted>;
  /** What was counted, probes aside. */
  deltas: TiedDelta[];
  /** Fingerprints of the probes that came out. */
  probes: ReadonlySet<string>;
}

const partOf = (delta: ErrorDelta): string =>
  `${delta.version === null ? 'none' : `=${delta.version}`}\u0000${delta.fingerprint}`;

/** The minutes that compaction has summed, by version and fingerprint. */
function compactedMinutes(deltas: ErrorDelta[]): Map<string, { from: number; to: number }[]> {
  const found = new Map<string, { from: number; to: number }[]>();
  for (const delta of deltas) {
    if (delta.batch !== SUM) continue;
    const spans = found.get(partOf(delta)) ?? [];
    spans.push({ from: minuteOf(delta.firstAt).getTime(), to: delta.lastAt.getTime() });
    found.set(partOf(delta), spans);
  }
  return found;
}

/** Tells of a delta whether its minute was compacted before it came; a sum itself never is late. */
export function lateness(deltas: ErrorDelta[]): (delta: ErrorDelta) => boolean {
  const compacted = compactedMinutes(deltas);
  return (delta) =>
    delta.batch !== SUM &&
    (compacted.get(partOf(delta)) ?? []).some(
      ({ from, to }) => delta.minute.getTime() >= from && delta.minute.getTime() <= to,
    );
}

/** Adds up all deltas of a lane, in any order, by fingerprint and version. */
export function sum(deltas: ErrorDelta[], timeline: Timeline): Sums {
  const isLate = lateness(deltas);
  const groups = new Map<Fingerprint, Counted>();
  const counted: TiedDelta[] = [];
  const probes = new Set<string>();
  const late = new Map<Fingerprint, number>();
  for (const delta of deltas) {
    if (isProbe(delta.fingerprint)) {
      probes.add(delta.fingerprint);
      continue;
    }
    if (isLate(delta)) {
      late.set(delta.fingerprint, (late.get(delta.fingerprint) ?? 0) + delta.count);
      continue;
    }
    const tied = tie(delta, timeline);
    counted.push({ ...delta, tied });
    groups.set(delta.fingerprint, add(groups.get(delta.fingerprint), delta, tied));
  }
  for (const [fingerprint, count] of late) {
    const group = groups.get(fingerprint);
    if (group !== undefined) group.late = count;
  }
  return { groups, deltas: counted, probes };
}

function add(known: Counted | undefined, delta: ErrorDelta, { version, under }: Tied): Counted {
  const { fingerprint, count, firstAt, lastAt } = delta;
  const group: Counted = known ?? {
    fingerprint,
    total: 0,
    late: 0,
    firstAt,
    lastAt,
    under: new Map(),
    seenIn: new Set(),
    beforeMarkers: false,
    newest: delta,
  };
  const span = group.under.get(under);
  group.under.set(under, span === undefined ? { count, firstAt, lastAt } : wider(span, delta));
  group.total += count;
  group.firstAt = earliest(group.firstAt, firstAt);
  group.lastAt = latest(group.lastAt, lastAt);
  if (isNewer(delta, group.newest)) group.newest = delta;
  if (version !== null) group.seenIn.add(version);
  else if (under === NO_VERSION) group.beforeMarkers = true;
  return group;
}

const wider = (span: Span, delta: ErrorDelta): Span => ({
  count: span.count + delta.count,
  firstAt: earliest(span.firstAt, delta.firstAt),
  lastAt: latest(span.lastAt, delta.lastAt),
});

/** Ties are broken by what the deltas say, so that the order of reading does not matter. */
const isNewer = (a: ErrorDelta, b: ErrorDelta): boolean =>
  a.lastAt > b.lastAt || (a.lastAt.getTime() === b.lastAt.getTime() && a.batch + a.version > b.batch + b.version);

/** Version of the first report that can be tied to one. */
export const firstSeenIn = (group: Counted): Version | null => edge(group, (a, b) => a.firstAt < b.firstAt);

/** Version of the last report that can be tied to one. */
export const lastSeenIn = (group: Counted): Version | null => edge(group, (a, b) => a.lastAt > b.lastAt);

function edge(group: Counted, before: (a: Span, b: Span) => boolean): Version | null {
  let found: { version: Version; span: Span } | null = null;
  for (const version of [...group.seenIn].sort()) {
    const span = group.under.get(version);
    if (span !== undefined && (found === null || before(span, found.span))) found = { version, span };
  }
  return found?.version ?? null;
}
