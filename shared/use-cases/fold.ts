import { type Timeline, timelineOf } from '../correlation/attribution.ts';
import { type CompactedSum, type Sums, sum } from '../correlation/sum.ts';
import type { ErrorDelta } from '../correlation/words.ts';
import type { LaneId } from '../lane/words.ts';
import { type ErrorGroup, LostRace, type Ports } from '../ports.ts';
import { type Announced, announceGroups } from './errors-announce.ts';
import { groupFrom, sameGroup } from './errors-group.ts';

export type FoldPorts = Pick<Ports, 'now' | 'markers' | 'events' | 'log' | 'errors'>;

const HOUR = 60 * 60_000;
/** Deltas older than this are compacted; until then a message may be delivered again without a trace. */
const COMPACT_AFTER = 24 * HOUR;
/** … but not before an hour of them has come together. */
const COMPACT_EVERY = HOUR;
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
 * compacts what is old. Groups are made anew from the deltas each time, so a fold may be repeated, or break off anywhere.
 * Throws Unavailable when the tables do not answer, LostRace when others kept writing.
 */
export async function fold(ports: FoldPorts, lane: LaneId): Promise<Folded> {
  const [markers, { deltas, compacted }] = await Promise.all([
    ports.markers.list(lane, MOST_MARKERS),
    read(ports.errors, lane),
  ]);
  const timeline = timelineOf(markers);
  const sums = sum(deltas, compacted, timeline);
  const { groups, written } = await writeGroups(ports, lane, sums, timeline);
  const announced = await announceGroups(ports, lane, groups, timeline);
  await compactOld(ports, lane, deltas);
  return { groups, written, sums, timeline, ...announced };
}

/** Deltas before sums: what somebody compacts in between is then seen in both, and known to be late; never in neither. */
async function read(
  errors: FoldPorts['errors'],
  lane: LaneId,
): Promise<{ deltas: ErrorDelta[]; compacted: CompactedSum[] }> {
  const deltas = await errors.deltas(lane, new Date(0));
  return { deltas, compacted: await errors.sums(lane) };
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
      return { groups: made.map(({ group }) => group), written: changed.length };
    } catch (error) {
      if (!(error instanceof LostRace) || tries === TRIES) throw error;
    }
  }
}

async function compactOld(ports: FoldPorts, lane: LaneId, deltas: ErrorDelta[]): Promise<void> {
  const now = ports.now().getTime();
  const due = deltas.some(({ minute }) => minute.getTime() < now - COMPACT_AFTER - COMPACT_EVERY);
  if (due) await ports.errors.compact(lane, new Date(now - COMPACT_AFTER));
}

export interface FoldedAll {
  folded: LaneId[];
  failed: { lane: LaneId; because: string }[];
}

/** Folds every lane that has something to fold. One that cannot be folded now does not keep the others waiting; its turn comes again. */
export async function foldAll(ports: FoldPorts): Promise<FoldedAll> {
  const result: FoldedAll = { folded: [], failed: [] };
  for (const lane of await ports.errors.lanesWithDeltas()) {
    try {
      await fold(ports, lane);
      result.folded.push(lane);
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      ports.log.error('the errors of a lane could not be counted', { lane, because });
      result.failed.push({ lane, because });
    }
  }
  return result;
}
