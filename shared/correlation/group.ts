import type { Version } from '../lane/words.ts';
import { possiblySince, type Timeline } from './attribution.ts';
import { firstToGoLive } from './regression.ts';
import { type Counted, firstSeenIn, type Span } from './sum.ts';
import type { GroupState } from './words.ts';

/** The facts a group's state follows from; none of them is who wrote first. */
export interface GroupFacts {
  firstVersion: Version | null;
  resolvedIn: Version | null;
  regressedIn: Version | null;
  ignored: boolean;
}

/** What people are told about a group, once for each version. */
export interface GroupNotice {
  kind: 'new' | 'regressed';
  version: Version;
}

/** `inForce`: the version production runs. A group is new as long as that is the version it was first seen in. */
export function stateOf(group: GroupFacts, inForce: Version | null): GroupState {
  if (group.ignored) return 'ignored';
  if (group.regressedIn !== null) return 'regressed';
  if (group.resolvedIn !== null) return 'resolved';
  return group.firstVersion !== null && group.firstVersion === inForce ? 'new' : 'ongoing';
}

/**
 * The version that brought the error: of those it was seen in, the one that first went live earliest, so that a slow clock or a
 * late report of an older version makes it that one's; before any marker names one, that of the first report. Null when it was
 * seen before the first marker, hence before everything we know.
 */
export function firstVersionOf(counted: Counted, { firstLive }: Timeline): Version | null {
  if (counted.beforeMarkers) return null;
  return firstToGoLive(counted.seenIn, firstLive) ?? firstSeenIn(counted);
}

/**
 * The notice that is due, if any. New: the version that brought it went live here by a marker; for a build that we only adopted, also
 * that the error began after we found it. Regressed goes before new. What is ignored or resolved is quiet.
 */
export function noticeDue(
  group: GroupFacts & { firstAt: Date; announced: Record<string, unknown> },
  timeline: Timeline,
): GroupNotice | null {
  const due = dueFor(group, timeline);
  return due === null || Object.hasOwn(group.announced, due.version) ? null : due;
}

function dueFor(group: GroupFacts & { firstAt: Date }, timeline: Timeline): GroupNotice | null {
  if (group.ignored) return null;
  if (group.regressedIn !== null) return { kind: 'regressed', version: group.regressedIn };
  if (group.resolvedIn !== null || group.firstVersion === null) return null;
  const born = timeline.reigns.find(({ marker }) => marker.version === group.firstVersion)?.marker;
  if (born === undefined) return null;
  if (born.kind === 'external' && group.firstAt < possiblySince(born)) return null;
  return { kind: 'new', version: group.firstVersion };
}

/** The counts to keep: of the versions seen last, at most so many. */
export function newestCounts(under: ReadonlyMap<string, Span>, most: number): Record<string, number> {
  const newest = [...under].sort(
    ([a, x], [b, y]) => y.lastAt.getTime() - x.lastAt.getTime() || (a < b ? -1 : a > b ? 1 : 0),
  );
  // Without a prototype's names: a version may be called `__proto__`.
  return Object.fromEntries(newest.slice(0, most).map(([name, { count }]) => [name, count]));
}
