import type { Fingerprint, LaneId, Version } from '../lane/words.ts';
import { type Tied, type Timeline, tie, tieSum } from './attribution.ts';
import { earliest, latest } from './instants.ts';
import { isProbe } from './probe.ts';
import type { ErrorDelta, Sample } from './words.ts';

/** What the compacted deltas of one fingerprint in one lane and version (as reported) came to. */
export interface CompactedSum {
  lane: LaneId;
  version: Version | null;
  fingerprint: Fingerprint;
  count: number;
  /** Of deltas that came after their minute was compacted. */
  late: number;
  firstAt: Date;
  lastAt: Date;
  /** The newest minute that is summed. A delta of this minute or an earlier one is late. */
  countedThrough: Date;
  sample: Sample;
}

export interface Span {
  count: number;
  firstAt: Date;
  lastAt: Date;
}

/** What the deltas of one fingerprint come to. */
export interface Counted {
  fingerprint: Fingerprint;
  total: number;
  /** Reports whose minute was compacted before they came: they may have been counted already, and are in no other number. */
  late: number;
  firstAt: Date;
  lastAt: Date;
  /** By version, or by what stands for it; see attribution. */
  under: Map<string, Span>;
  /** Versions it was seen in. */
  seenIn: Set<Version>;
  /** Seen without a version before the first marker. */
  beforeMarkers: boolean;
  newest: { lastAt: Date; sample: Sample };
  countedThrough: Date | null;
}

/** A delta that counts, tied to its version. */
export type TiedDelta = ErrorDelta & { tied: Tied };

/** All of a lane's reports, added up. */
export interface Sums {
  groups: Map<Fingerprint, Counted>;
  /** What was counted and not yet compacted, probes aside. */
  deltas: TiedDelta[];
  /** Fingerprints of the probes that came out. */
  probes: ReadonlySet<string>;
}

const partOf = ({ version, fingerprint }: Pick<ErrorDelta, 'version' | 'fingerprint'>): string =>
  `${version === null ? 'none' : `=${version}`}\u0000${fingerprint}`;

/**
 * Whether nothing was compacted between two readings of a lane's sums. Each report that goes into a sum makes it greater, also one that
 * is late or of a minute that was summed in part; the newest minute tells of neither.
 */
export function untouched(before: CompactedSum[], after: CompactedSum[]): boolean {
  const known = new Map(before.map((sum) => [partOf(sum), sum.count + sum.late]));
  return before.length === after.length && after.every((sum) => known.get(partOf(sum)) === sum.count + sum.late);
}

/** Tells of a delta whether its minute was compacted before it came. */
export function lateness(compacted: CompactedSum[]): (delta: ErrorDelta) => boolean {
  const through = new Map(compacted.map((sum) => [partOf(sum), sum.countedThrough]));
  return (delta) => {
    const counted = through.get(partOf(delta));
    return counted !== undefined && delta.minute <= counted;
  };
}

/** Adds up all deltas of a lane, in any order, and what earlier ones were compacted into, by fingerprint and version. */
export function sum(deltas: ErrorDelta[], compacted: CompactedSum[], timeline: Timeline): Sums {
  const sums = { groups: new Map<Fingerprint, Counted>(), deltas: [] as TiedDelta[], probes: new Set<string>() };
  const add = (part: ErrorDelta | CompactedSum, tied: Tied): Counted => {
    const known = sums.groups.get(part.fingerprint) ?? emptyGroup(part);
    sums.groups.set(part.fingerprint, addTo(known, part, tied));
    return known;
  };
  for (const one of compacted) {
    if (isProbe(one.fingerprint)) continue;
    const group = add(one, tieSum(one, timeline));
    group.late += one.late;
    group.countedThrough = latest(group.countedThrough ?? one.countedThrough, one.countedThrough);
  }
  const isLate = lateness(compacted);
  for (const delta of deltas) {
    if (isProbe(delta.fingerprint)) sums.probes.add(delta.fingerprint);
    else if (isLate(delta)) lateIn(sums.groups, delta);
    else {
      const tied = tie(delta, timeline);
      sums.deltas.push({ ...delta, tied });
      add(delta, tied);
    }
  }
  return sums;
}

/** The group is there: a delta is late only against a sum of its own fingerprint. */
function lateIn(groups: Map<Fingerprint, Counted>, { fingerprint, count }: ErrorDelta): void {
  const group = groups.get(fingerprint);
  if (group !== undefined) group.late += count;
}

const emptyGroup = ({ fingerprint, firstAt, lastAt, sample }: ErrorDelta | CompactedSum): Counted => ({
  fingerprint,
  total: 0,
  late: 0,
  firstAt,
  lastAt,
  under: new Map(),
  seenIn: new Set(),
  beforeMarkers: false,
  newest: { lastAt, sample },
  countedThrough: null,
});

function addTo(group: Counted, part: ErrorDelta | CompactedSum, tied: Tied): Counted {
  const { count, firstAt, lastAt, sample } = part;
  const span = group.under.get(tied.under) ?? { count: 0, firstAt, lastAt };
  group.under.set(tied.under, {
    count: span.count + count,
    firstAt: earliest(span.firstAt, firstAt),
    lastAt: latest(span.lastAt, lastAt),
  });
  group.total += count;
  group.firstAt = earliest(group.firstAt, firstAt);
  group.lastAt = latest(group.lastAt, lastAt);
  if (isNewer(part, group.newest)) group.newest = { lastAt, sample };
  if (tied.version !== null) group.seenIn.add(tied.version);
  else if (tied.beforeMarkers) group.beforeMarkers = true;
  return group;
}

/** Ties are broken by the title, so that the order of reading does not matter. */
const isNewer = (a: { lastAt: Date; sample: Sample }, b: { lastAt: Date; sample: Sample }): boolean =>
  a.lastAt > b.lastAt || (a.lastAt.getTime() === b.lastAt.getTime() && a.sample.title > b.sample.title);

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
