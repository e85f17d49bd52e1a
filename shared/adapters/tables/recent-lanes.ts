import type { LaneId } from '../../lane/words.ts';
import { encodeKey, inPartition, instant } from './key.ts';
import type { LaneIndex } from './lane-index.ts';
import { SCHEMA } from './row.ts';
import type { Table } from './table.ts';

/** No lane has this partition: encoded text holds no `!`. */
const INDEX = '!lanes';
/** A listing is renewed this often at most: many appends a second would make one hot row of it. */
const RENEW_MS = 60_000;
/** Deltas are compacted after hours, or once what they are judged for is over, which takes a day at most: until then, and a day beyond. */
const RECENT_MS = 48 * 60 * 60 * 1000;

/** Which lanes had error reports lately, in a partition of its own. That a lane is listed is remembered for a minute. */
export function recentLanes(table: Table, now: () => Date): LaneIndex {
  const listedAt = new Map<LaneId, number>();
  return {
    async list(lane) {
      const at = now();
      if (at.getTime() - (listedAt.get(lane) ?? 0) < RENEW_MS) return;
      await table.write({
        write: 'put',
        row: { partitionKey: INDEX, rowKey: encodeKey(lane), schema: SCHEMA, lane, at },
      });
      listedAt.set(lane, at.getTime());
    },
    async lanes() {
      const since = instant(new Date(now().getTime() - RECENT_MS));
      const rows = await table.query({ filter: `${inPartition(INDEX)} and at ge ${since}`, select: ['lane'] });
      return rows.map((row) => String(row.lane) as LaneId);
    },
  };
}
