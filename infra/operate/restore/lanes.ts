import { journalKey, partitionOf } from '../../../shared/adapters/tables/lane-rows.ts';
import { laneStore } from '../../../shared/adapters/tables/lane-store.ts';
import { fromRow } from '../../../shared/adapters/tables/row.ts';
import type { Table } from '../../../shared/adapters/tables/table.ts';
import type { JournalEntry } from '../../../shared/lane/effect.ts';
import { restored } from '../../../shared/lane/restored.ts';
import { LostRace } from '../../../shared/ports.ts';
import { commit, type Saving } from '../../../shared/use-cases/commit.ts';
import type { Manifest } from '../copy/manifest.ts';
import type { CopiedLane } from '../copy/read.ts';

/** A command is no invocation: it continues no trace, and what it ended is nothing that the service should count. */
const unheard: Pick<Saving, 'log' | 'scope'> = {
  log: { info: () => undefined, error: () => undefined },
  scope: { trace: () => null, within: (_about, work) => work() },
};

/**
 * Writes a lane as the decider has it come back: its row, the entry that says so, and what it ended, in the one transaction every
 * change of a lane is. It is the first that is written of the lane, so that at no moment anybody can see what was in flight. Done
 * before: nothing. Throws where somebody else began the lane.
 */
export async function restoreLane(
  table: Table,
  { id, takenAt }: Manifest,
  copied: CopiedLane,
  now: Date,
): Promise<void> {
  const { lane, head, pending } = copied;
  const input = `restore ${id}`;
  const decision = restored({ now, takenAt, pending, waiting: waitingIn(copied) }, lane);
  const store = laneStore(table);
  const nothing = { lane, pending: [], etag: null, journal: head, traces: {} };
  try {
    await commit({ ...unheard, now: () => now, lanes: store }, nothing, decision, {
      input,
      by: null,
      settled: [],
      seen: [],
    });
  } catch (error) {
    if (!(error instanceof LostRace)) throw error;
    const row = await table.get(partitionOf(lane.id), journalKey(lane.journalSeq + 1));
    if (row !== null && fromRow<JournalEntry>(row).input === input) return;
    throw new Error(
      `the lane ${lane.id} was begun by a service that runs on these tables: stop both apps, empty the tables, and run this again`,
      { cause: error },
    );
  }
}

/** In the order they waited in. */
function waitingIn({ lane, unfinished }: CopiedLane): CopiedLane['unfinished'] {
  return lane.queue.flatMap(({ record }) => unfinished.filter(({ id }) => id === record.id));
}
