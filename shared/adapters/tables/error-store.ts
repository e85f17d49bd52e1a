import type { CompactedSum } from '../../correlation/sum.ts';
import type { LaneId } from '../../lane/words.ts';
import type { ErrorStore } from '../../ports.ts';
import { append } from './error-append.ts';
import { compact } from './error-compaction.ts';
import { deltasIn, partitionsOf, SUMS } from './error-delta-rows.ts';
import { groupOf, groupsOf, saveGroups } from './error-groups.ts';
import { between, minuteKey, quoted } from './key.ts';
import { recentLanes } from './recent-lanes.ts';
import { fromRow } from './row.ts';
import type { Table } from './table.ts';

/** Deltas in `ErrorDeltas`, one partition per lane and version; groups in `ErrorGroups`, one partition per lane. `mostCompacted`: rows a call. */
export function errorStore(
  tables: { deltas: Table; groups: Table },
  now: () => Date,
  mostCompacted?: number,
): ErrorStore & { sums(lane: LaneId): Promise<CompactedSum[]> } {
  const recent = recentLanes(tables.deltas, now);
  const ofLane = (lane: LaneId): string => between('PartitionKey', partitionsOf(lane));

  return {
    append: (deltas) => append(tables.deltas, recent, deltas),

    async deltas(lane, from) {
      const minutes = `RowKey ge ${quoted(minuteKey(from))} and RowKey lt ${quoted(SUMS)}`;
      const rows = await tables.deltas.query({ filter: `${ofLane(lane)} and ${minutes}` });
      return rows.flatMap(deltasIn);
    },

    /** What was compacted: `deltas` and these together are all reports of the lane. */
    async sums(lane) {
      const rows = await tables.deltas.query({ filter: `${ofLane(lane)} and ${between('RowKey', SUMS)}` });
      return rows.map((row) => fromRow<CompactedSum>(row));
    },

    groups: (lane) => groupsOf(tables.groups, lane),
    group: (lane, fingerprint) => groupOf(tables.groups, lane, fingerprint),
    saveGroups: (lane, groups) => saveGroups(tables.groups, lane, groups),
    compact: (lane, before) => compact(tables.deltas, lane, before, mostCompacted),
    lanesWithDeltas: () => recent.lanes(),
  };
}
