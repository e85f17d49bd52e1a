import type { Kept, Lane } from './lane.ts';
import type { BuildRef } from './words.ts';

/** A package of the last five builds that were live is kept, to be published again. */
const keptBuilds = 5;

/** A build went live: its package is the newest that is kept. */
export function keep(lane: Lane, build: BuildRef): void {
  drop(lane, build);
  lane.kept = [{ build, sha256: build.sha256 }, ...lane.kept].slice(0, keptBuilds);
}

export function drop(lane: Lane, { id }: BuildRef): void {
  lane.kept = lane.kept.filter(({ build }) => build.id !== id);
}

/** The kept package of the build that was live before this one; null when we cannot say which that was. */
export function keptBefore({ kept }: Lane, live: BuildRef): Kept | null {
  const own = kept.findIndex(({ build }) => build.id === live.id);
  return own === -1 ? null : (kept[own + 1] ?? null);
}
