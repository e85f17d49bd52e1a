import type { LaneId } from '../../lane/words.ts';
import { inBatches } from './in-batches.ts';
import { inPartition, instant, quoted } from './key.ts';
import { laneKey, partitionOf } from './lane-rows.ts';
import type { Table } from './table.ts';

/** The lanes that were to be looked after before the instant. The filter runs on the server, one point query a lane: only late rows travel. */
export async function overdueLanes(
  table: Table,
  lanes: LaneId[],
  before: Date,
): Promise<{ lane: LaneId; step: number }[]> {
  const found = await inBatches(lanes, 16, (lane) =>
    table.query({
      filter: `${inPartition(partitionOf(lane))} and RowKey eq ${quoted(laneKey)} and attentionAt lt ${instant(before)}`,
      select: ['lane', 'step'],
    }),
  );
  return found.flat().map((row) => ({ lane: String(row.lane) as LaneId, step: Number(row.step) }));
}
