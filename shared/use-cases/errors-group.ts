import { DURING_SWAP, NO_VERSION, type Timeline } from '../correlation/attribution.ts';
import { firstVersionOf, newestCounts } from '../correlation/group.ts';
import { regressedIn } from '../correlation/regression.ts';
import { type Counted, lastSeenIn } from '../correlation/sum.ts';
import type { LaneId, Version } from '../lane/words.ts';
import type { ErrorGroup } from '../ports.ts';

/** Versions a group keeps counts and notices of. */
const MOST_VERSIONS = 20;

/**
 * A group as the counts of its lane make it, with what people have said of it. Made anew from all that was counted: what was
 * stored before is asked only for what was decided by people or already told.
 */
export function groupFrom(lane: LaneId, counted: Counted, stored: ErrorGroup | null, timeline: Timeline): ErrorGroup {
  const lastVersion = lastSeenIn(counted) ?? stored?.lastVersion ?? null;
  const seenIn = stored === null ? counted.seenIn : seenBefore(counted, stored);
  const resolvedIn = stored?.resolvedIn ?? null;
  // Another sample for each version, not for each report: an unchanged group is not written.
  const sample = stored !== null && stored.lastVersion === lastVersion ? stored.sample : counted.newest.sample;
  return {
    lane,
    fingerprint: counted.fingerprint,
    title: sample.title,
    firstAt: counted.firstAt,
    lastAt: counted.lastAt,
    firstVersion: firstVersionOf({ ...counted, seenIn }, timeline),
    lastVersion,
    countByVersion: newestCounts(counted.under, MOST_VERSIONS),
    total: counted.total,
    late: counted.late,
    resolvedIn,
    resolvedAt: stored?.resolvedAt ?? null,
    ignored: stored?.ignored ?? false,
    regressedIn: regressedIn(resolvedIn, seenIn, timeline.firstLive),
    announced: stored?.announced ?? {},
    sample,
    countedThrough: counted.countedThrough,
  };
}

/** Versions it was seen in that the counts no longer tell: reports without a version, compacted over a going live. */
function seenBefore(counted: Counted, stored: ErrorGroup): Set<Version> {
  if (counted.countedThrough === null) return counted.seenIn;
  const tied = Object.keys(stored.countByVersion).filter((under) => under !== NO_VERSION && under !== DURING_SWAP);
  const kept = [...tied, stored.firstVersion, stored.regressedIn].filter((version) => version !== null);
  return new Set([...counted.seenIn, ...(kept as Version[])]);
}

/** With the notice noted; of older notices only the newest are kept, and those that could become due again. */
export function withNotice(group: ErrorGroup, version: Version, at: Date): ErrorGroup {
  const needed = new Set<string | null>([version, group.firstVersion, group.regressedIn]);
  const announced = Object.entries({ ...group.announced, [version]: at }).sort(
    ([a, x], [b, y]) => Number(needed.has(b)) - Number(needed.has(a)) || y.getTime() - x.getTime(),
  );
  return { ...group, announced: Object.fromEntries(announced.slice(0, MOST_VERSIONS)) };
}

/** Whether two groups say the same, however their properties are ordered. */
export const sameGroup = (a: ErrorGroup, b: ErrorGroup): boolean => canonical(a) === canonical(b);

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
