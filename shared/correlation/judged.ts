import type { Marker, Version } from '../lane/words.ts';
import { possiblySince, type Timeline } from './attribution.ts';
import type { Sums } from './sum.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What counting says about a version since it went live. */
export interface CountedSince {
  reportsPerMinute: number;
  /** Of the lane in the hour before. */
  before: number;
  newGroups: { fingerprint: string; reports: number }[];
}

/** The marker that the going live in question wrote; null while it is not written yet. */
const markerAt = ({ reigns }: Timeline, version: Version, liveAt: Date): Marker | null =>
  reigns.find(({ marker }) => marker.version === version && marker.liveAt.getTime() === liveAt.getTime())?.marker ??
  null;

/**
 * Reports of the version since it may have been live, against those of all others in the hour before. A report of an older version
 * never counts against the new one. `firstVersions`: the version that brought each group, ignored groups left out.
 */
export function countSince(
  question: { version: Version; liveAt: Date; now: Date },
  sums: Sums,
  timeline: Timeline,
  firstVersions: ReadonlyMap<string, Version | null>,
): CountedSince {
  const { version, liveAt, now } = question;
  const marker = markerAt(timeline, version, liveAt);
  const since = marker === null ? liveAt : possiblySince(marker);
  const first = timeline.firstLive.get(version);
  const returns = first !== undefined && first < liveAt;
  const known = timeline.reigns[0]?.from ?? since.getTime();
  const hourBefore = Math.max(since.getTime() - HOUR, Math.min(known, since.getTime() - MINUTE));

  let reports = 0;
  let before = 0;
  const byGroup = new Map<string, number>();
  for (const { tied, count, fingerprint, firstAt, lastAt } of sums.deltas) {
    const brought = firstVersions.get(fingerprint);
    // Ignored groups are no news in either direction.
    if (brought === undefined) continue;
    if (tied.version === version && lastAt >= since) {
      reports += count;
      const startedBefore = (sums.groups.get(fingerprint)?.firstAt ?? firstAt) < since;
      if (brought === version && !(returns && startedBefore))
        byGroup.set(fingerprint, (byGroup.get(fingerprint) ?? 0) + count);
    } else if (firstAt.getTime() >= hourBefore && lastAt < since) {
      before += count;
    }
  }
  const minutes = Math.max(1, (now.getTime() - since.getTime()) / MINUTE);
  const minutesBefore = (since.getTime() - hourBefore) / MINUTE;
  return {
    reportsPerMinute: rounded(reports / minutes),
    before: rounded(before / minutesBefore),
    newGroups: [...byGroup]
      .map(([fingerprint, count]) => ({ fingerprint, reports: count }))
      .sort((a, b) => b.reports - a.reports || (a.fingerprint < b.fingerprint ? -1 : 1)),
  };
}

const rounded = (rate: number): number => Math.round(rate * 100) / 100;
