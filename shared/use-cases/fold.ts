import { possiblySince, type Timeline, timelineOf } from '../correlation/attribution.ts';
import { type Sums, sum } from '../correlation/sum.ts';
import type { ErrorDelta } from '../correlation/words.ts';
import type { LaneId } from '../lane/words.ts';
import { metric } from '../metrics.ts';
import { type ErrorGroup, LostRace, type Ports, type StoredGroup } from '../ports.ts';
import { type Announced, announceGroups } from './errors-announce.ts';
import { groupFrom, sameGroup } from './errors-group.ts';
import { readErrors } from './errors-read.ts';

export type FoldPorts = Pick<Ports, 'now' | 'markers' | 'events' | 'log' | 'errors'>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/**
 * Deltas older than this are compacted. Each fold reads all that are not: they are what counting costs at a high rate. Until then a
 * message may be delivered again without a trace; and what a swap that begins now will be judged by is younger.
 */
const COMPACT_AFTER = 2 * HOUR;
/** … but not before so much of them has come together. */
const COMPACT_EVERY = 15 * MINUTE;
/** What a watched version is compared with: the hour before it may have been live (correlation/judged). */
const COMPARED = HOUR;
/** Going-lives read for attribution and for "newer than": one page of a table. */
const MOST_MARKERS = 1_000;
const TRIES = 5;

/** A lane's errors, counted. */
export interface Folded extends Announced {
  groups: ErrorGroup[];
  /** Groups that changed and were written. */
  written: number;
  sums: Sums;
  timeline: Timeline;
}

/**
 * Counts a lane's errors: adds up its deltas, ties them to markers, writes the groups that changed, tells of new and regressed ones,
 * compacts what is old. Groups are made anew from the deltas each time, so a fold may be repeated, or break off anywhere. `watchedSince`:
 * when the version that is being judged went live; nothing it is judged by is compacted. Throws Unavailable when the tables do not
 * answer, LostRace when others kept writing or compacting.
 */
export async function fold(ports: FoldPorts, lane: LaneId, watchedSince: Date | null = null): Promise<Folded> {
  const [markers, { deltas, compacted }] = await Promise.all([
    ports.markers.list(lane, MOST_MARKERS),
    readErrors(ports.errors, lane),
  ]);
  const timeline = timelineOf(markers);
  const sums = sum(deltas, compacted, timeline);
  const { groups, written } = await writeGroups(ports, lane, sums, timeline);
  const announced = await announceGroups(ports, lane, groups, timeline);
  await compactOld(ports, lane, deltas, judgedFrom(timeline, watchedSince));
  return { groups, written, sums, timeline, ...announced };
}

async function writeGroups(
  ports: FoldPorts,
  lane: LaneId,
  sums: Sums,
  timeline: Timeline,
): Promise<{ groups: ErrorGroup[]; written: number }> {
  for (let tries = 1; ; tries += 1) {
    const stored = new Map((await ports.errors.groups(lane)).map((one) => [one.group.fingerprint, one]));
    const made = [...sums.groups.values()].map((counted) => {
      const before = stored.get(counted.fingerprint) ?? null;
      return { group: groupFrom(lane, counted, before?.group ?? null, timeline), before };
    });
    const changed = made.filter(({ group, before }) => before === null || !sameGroup(group, before.group));
    try {
      if (changed.length > 0)
        await ports.errors.saveGroups(
          lane,
          changed.map(({ group, before }) => ({ group, etag: before?.etag ?? null })),
        );
      tellCounted(ports.log, lane, changed);
      return { groups: made.map(({ group }) => group), written: changed.length };
    } catch (error) {
      if (!(error instanceof LostRace) || tries === TRIES) throw error;
    }
  }
}

/** What came to the counts since they were written last. */
function tellCounted(
  log: Ports['log'],
  lane: LaneId,
  changed: { group: ErrorGroup; before: StoredGroup | null }[],
): void {
  const more = (of: 'total' | 'late'): number =>
    changed.reduce((sum, { group, before }) => sum + group[of] - (before?.group[of] ?? 0), 0);
  if (more('total') > 0) metric(log, 'errors.counted', more('total'), { lane });
  if (more('late') > 0) metric(log, 'errors.late', more('late'), { lane });
}

async function compactOld(ports: FoldPorts, lane: LaneId, deltas: ErrorDelta[], judged: number): Promise<void> {
  const before = Math.min(ports.now().getTime() - COMPACT_AFTER, judged);
  const due = deltas.some(({ minute }) => minute.getTime() < before - COMPACT_EVERY);
  if (due) await ports.errors.compact(lane, new Date(before));
}

/** From when on reports are still asked for one by one; infinitely late where nothing is judged. */
function judgedFrom({ reigns }: Timeline, watchedSince: Date | null): number {
  if (watchedSince === null) return Number.POSITIVE_INFINITY;
  const marker = reigns.find(({ marker: { liveAt } }) => liveAt.getTime() === watchedSince.getTime())?.marker;
  return (marker === undefined ? watchedSince : possiblySince(marker)).getTime() - COMPARED;
}
