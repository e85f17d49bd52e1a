import type { Marker, Version } from '../lane/words.ts';
import type { ErrorDelta } from './words.ts';

/** What a report without a version counts under when no marker was in force yet. */
export const NO_VERSION = 'none';
/** … and when it came while production was switched: either version may have caused it. */
export const DURING_SWAP = 'during the swap';

/** The version a report belongs to, or null; and what it is counted under. `beforeMarkers`: older than all we know of the lane. */
export type Tied = { version: Version; under: string } | { version: null; under: string; beforeMarkers: boolean };

interface Reign {
  marker: Marker;
  /** From when on the new version is known to have answered alone. */
  from: number;
}

/** The going-lives of a lane as its markers tell them. */
export interface Timeline {
  /** Oldest first. */
  reigns: Reign[];
  /** The *first* going live of each version: what "newer than" means for regressions. */
  firstLive: ReadonlyMap<Version, Date>;
}

const goesLive = ({ kind }: Marker): boolean => kind === 'deploy' || kind === 'rollback' || kind === 'external';

/** Since when production may have run what the marker names. */
export const possiblySince = (marker: Marker): Date => marker.switchedBetween?.from ?? marker.liveAt;

/** Markers in any order; those of other kinds (config, flag, migration) make nothing live and are left out. */
export function timelineOf(markers: Marker[]): Timeline {
  const reigns = markers
    .filter(goesLive)
    .map((marker) => ({ marker, from: (marker.switchedBetween?.to ?? marker.liveAt).getTime() }))
    .sort((a, b) => a.from - b.from || (a.marker.id < b.marker.id ? -1 : 1));
  const firstLive = new Map<Version, Date>();
  for (const { marker } of reigns) {
    const known = firstLive.get(marker.version);
    if (known === undefined || marker.liveAt < known) firstLive.set(marker.version, marker.liveAt);
  }
  return { reigns, firstLive };
}

/** How many reigns had begun at the instant. */
function begunBy(reigns: Reign[], instant: number): number {
  let low = 0;
  let high = reigns.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const reign = reigns[middle];
    if (reign !== undefined && reign.from <= instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The marker in force at the instant; null before the first. */
export const inForceAt = ({ reigns }: Timeline, at: Date): Marker | null =>
  reigns[begunBy(reigns, at.getTime()) - 1]?.marker ?? null;

/** The newest marker of a version: where its deployment is found. */
export const markerOf = ({ reigns }: Timeline, version: Version): Marker | null =>
  reigns.findLast(({ marker }) => marker.version === version)?.marker ?? null;

/**
 * Which version caused what the delta sums up: the reported one, else that of the marker in force when it occurred. Reports
 * that touch the time in which production was switched are kept apart, however late they arrive.
 */
export function tie(delta: Pick<ErrorDelta, 'version' | 'firstAt' | 'lastAt'>, timeline: Timeline): Tied {
  if (delta.version !== null) return { version: delta.version, under: delta.version };
  const { reigns } = timeline;
  const [first, last] = [delta.firstAt.getTime(), delta.lastAt.getTime()];
  const begun = begunBy(reigns, first);
  const next = reigns[begun];
  if (next !== undefined && last >= possiblySince(next.marker).getTime())
    return { version: null, under: DURING_SWAP, beforeMarkers: false };
  const version = reigns[begun - 1]?.marker.version;
  return version === undefined
    ? { version: null, under: NO_VERSION, beforeMarkers: true }
    : { version, under: version };
}

/**
 * The same for a sum of a day and more. One without a version that reaches over a going live can no longer be told apart: its
 * reports were tied while they were deltas, and count under no version from then on.
 */
export function tieSum(sum: Pick<ErrorDelta, 'version' | 'firstAt' | 'lastAt'>, timeline: Timeline): Tied {
  const tied = tie(sum, timeline);
  return tied.version === null && tied.under === DURING_SWAP
    ? { version: null, under: NO_VERSION, beforeMarkers: false }
    : tied;
}
