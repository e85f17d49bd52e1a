import type { LaneId } from '../../lane/words.ts';
import { encodeKey, inPartition } from './key.ts';
import { type Row, SCHEMA } from './row.ts';
import type { Table } from './table.ts';

/** No lane has this partition: encoded text holds no `!`. */
export const INDEX = '!lanes';

export const laneOfEntry = (row: Row): LaneId => String(row.lane) as LaneId;

/** Which lanes a table knows, in a partition of its own: whoever needs all of them need not scan everything they wrote. */
export interface LaneIndex {
  list(lane: LaneId): Promise<void>;
  lanes(): Promise<LaneId[]>;
}

export function laneIndex(table: Table): LaneIndex {
  return {
    async list(lane) {
      await table.write({ write: 'put', row: { partitionKey: INDEX, rowKey: encodeKey(lane), schema: SCHEMA, lane } });
    },
    async lanes() {
      const rows = await table.query({ filter: inPartition(INDEX), select: ['lane'] });
      return rows.map(laneOfEntry);
    },
  };
}
