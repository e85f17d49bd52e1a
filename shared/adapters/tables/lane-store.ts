import { randomUUID } from 'node:crypto';
import type { BuildRow, JournalEntry, PendingEffect, Seen } from '../../lane/effect.ts';
import { type DeploymentRecord, emptyLane, type Lane } from '../../lane/lane.ts';
import type { LaneId } from '../../lane/words.ts';
import { type LaneChange, type LaneStore, LostRace, type StoredLane, Unavailable } from '../../ports.ts';
import { forgetSeen } from './forget-seen.ts';
import { noEntries } from './journal-chain.ts';
import { inPartition, quoted } from './key.ts';
import { laneIndex } from './lane-index.ts';
import {
  buildKey,
  deploymentKey,
  headIn,
  laneKey,
  partitionOf,
  pendingIn,
  seenKey,
  transactionOf,
} from './lane-rows.ts';
import { tracesIn } from './lane-traces.ts';
import { overdueLanes } from './overdue.ts';
import { fromRow } from './row.ts';
import { Conflict, type Table } from './table.ts';

/** How often a lane is read again whose effects changed between the two requests of one load. */
const LOADS = 3;

/** Lanes in the table `Lanes`: one partition each, the row `lane` guarding the rest by its ETag. */
export function laneStore(table: Table): LaneStore {
  const index = laneIndex(table);
  const read = async <Content>(lane: LaneId, key: string | null): Promise<Content | null> => {
    const row = key === null ? null : await table.get(partitionOf(lane), key);
    return row === null ? null : fromRow<Content>(row);
  };

  return {
    load: (lane) => load(table, lane),

    async save(stored, change) {
      // Listed before it exists: a crash in between leaves an entry without a lane, never a lane that no sweep finds.
      if (stored.etag === null) await index.list(change.lane.id);
      return save(table, stored, change);
    },

    seen: (lane, input) => read<Seen>(lane, seenKey(input)),
    build: (lane, build) => read<BuildRow>(lane, buildKey(build)),
    deployment: (lane, id) => read<DeploymentRecord>(lane, deploymentKey(id)),

    async deployments(lane, most) {
      const rows = await table.query({ filter: inPartition(partitionOf(lane), 'deployment!'), most });
      return rows.map((row) => fromRow<DeploymentRecord>(row));
    },

    async journal(lane, deployment, most) {
      const all = inPartition(partitionOf(lane), 'journal!');
      const filter = deployment === null ? all : `${all} and deployment eq ${quoted(deployment)}`;
      const rows = await table.query({ filter, most });
      return rows.map((row) => fromRow<JournalEntry>(row)).reverse();
    },

    overdue: async (before) => overdueLanes(table, await index.lanes(), before),

    known: () => index.lanes(),

    forgetSeen: async (before) => forgetSeen(table, await index.lanes(), before),
  };
}

/** One request where nothing is pending. Throws LostRace when others keep writing between the two requests. */
async function load(table: Table, lane: LaneId): Promise<StoredLane> {
  const partition = partitionOf(lane);
  for (let tried = 0; tried < LOADS; tried += 1) {
    const row = await table.get(partition, laneKey);
    if (row === null) return { lane: emptyLane(lane), pending: [], etag: null, journal: noEntries, traces: {} };
    const loaded = { lane: fromRow<Lane>(row), etag: row.etag, journal: headIn(row), traces: tracesIn(row) };
    const expected = pendingIn(row);
    if (expected.length === 0) return { ...loaded, pending: [] };
    const rows = await table.query({ filter: inPartition(partition, 'effect!') });
    const pending = rows.map((effect) => fromRow<PendingEffect>(effect));
    if (pending.map(({ seq }) => seq).join() === expected.join()) return { ...loaded, pending };
  }
  throw new LostRace(`lane ${lane} changed each of the ${LOADS} times it was read`);
}

async function save(table: Table, stored: StoredLane, change: LaneChange): Promise<StoredLane> {
  const lane = change.lane.id;
  // Random and made anew each time: a write id that follows from the input would take another worker's write for our own.
  const writeId = randomUUID();
  const { writes, pending, journal } = transactionOf(stored, change, writeId);
  const saved = { lane: change.lane, pending, journal, traces: change.traces };
  try {
    return { ...saved, etag: await table.transact(writes) };
  } catch (error) {
    if (!(error instanceof Conflict || error instanceof Unavailable)) throw error;
    // A refusal may be the echo of our own write whose first answer was lost, and an outage may have come after it: the row tells.
    const row = await table.get(partitionOf(lane), laneKey, ['writeId']);
    if (row?.writeId === writeId) return { ...saved, etag: row.etag };
    if (error instanceof Unavailable) throw error;
    throw new LostRace(`lane ${lane} was changed by somebody else`, { cause: error });
  }
}
