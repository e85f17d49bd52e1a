import type { Version } from '../lane/words.ts';

/**
 * The version in which a resolved group came back: of the versions it was seen in, the one that went live first among those
 * whose *first* going live was after that of `resolvedIn`. An old version seen again, a late report of one and a rollback
 * to one are no regressions; nor can it be told for versions that never went live here.
 */
export function regressedIn(
  resolvedIn: Version | null,
  seenIn: Iterable<Version>,
  firstLive: ReadonlyMap<Version, Date>,
): Version | null {
  const resolvedLive = resolvedIn === null ? undefined : firstLive.get(resolvedIn);
  if (resolvedLive === undefined) return null;
  return firstToGoLive(
    [...seenIn].filter((version) => (firstLive.get(version) ?? resolvedLive) > resolvedLive),
    firstLive,
  );
}

/** Of the versions that ever went live here the one that did so first. */
export function firstToGoLive(versions: Iterable<Version>, firstLive: ReadonlyMap<Version, Date>): Version | null {
  let found: { version: Version; at: Date } | null = null;
  for (const version of versions) {
    const at = firstLive.get(version);
    if (at !== undefined && (found === null || at < found.at)) found = { version, at };
  }
  return found?.version ?? null;
}
