import type { LaneId, Marker, MarkerKind } from '../../lane/words.ts';
import type { MarkerStore } from '../../ports.ts';
import { encodeKey, inPartition, newestFirst, quoted } from './key.ts';
import { fromRow, type StoredRow, toRow } from './row.ts';
import type { Table } from './table.ts';

const partitionOf = (lane: LaneId): string => encodeKey(lane);
const idKey = (id: string): string => `id!${encodeKey(id)}`;
/** Row keys of the list begin with a digit; those of the copies found by id do not. */
const AFTER_DIGITS = ':';

/** The kinds that make a version live; the others only tell what else changed. */
const isGoingLive = (kind: MarkerKind): boolean => kind === 'deploy' || kind === 'rollback' || kind === 'external';

/** Markers of a lane, newest first, each with a copy under its id: both are written in one transaction. */
export function markerStore(table: Table): MarkerStore {
  const markerFrom = (row: StoredRow): Marker => fromRow<Marker>(row);
  return {
    async put(marker) {
      const partition = partitionOf(marker.lane);
      const more = { live: isGoingLive(marker.kind) };
      const key = `${newestFirst(marker.liveAt)}!${encodeKey(marker.id)}`;
      await table.transact([
        { write: 'put', row: toRow(partition, key, marker, more) },
        { write: 'put', row: toRow(partition, idKey(marker.id), marker, more) },
      ]);
    },

    async get(lane, id) {
      const row = await table.get(partitionOf(lane), idKey(id));
      return row === null ? null : markerFrom(row);
    },

    async list(lane, most) {
      const filter = `${inPartition(partitionOf(lane))} and RowKey lt ${quoted(AFTER_DIGITS)}`;
      return (await table.query({ filter, most })).map(markerFrom);
    },

    async inForceAt(lane, at) {
      const range = `RowKey ge ${quoted(newestFirst(at))} and RowKey lt ${quoted(AFTER_DIGITS)}`;
      const filter = `${inPartition(partitionOf(lane))} and ${range} and live eq true`;
      const [row] = await table.query({ filter, most: 1 });
      return row === undefined ? null : markerFrom(row);
    },
  };
}
