import type { ErrorDelta } from '../../correlation/words.ts';
import type { LaneId } from '../../lane/words.ts';
import { deltaRow } from './error-delta-rows.ts';
import { inBatches } from './in-batches.ts';
import { chunked, writeAll } from './in-transactions.ts';
import type { LaneIndex } from './lane-index.ts';
import type { Table } from './table.ts';

/** Partitions are written side by side; this many transactions at once keep the client's one thread busy. */
const AT_ONCE = 8;

/** Upserts the deltas, each partition in as few transactions as it takes. Throws Unavailable: what was written may be written again. */
export async function append(table: Table, index: Pick<LaneIndex, 'list'>, deltas: ErrorDelta[]): Promise<void> {
  const byPartition = new Map<string, Map<string, ErrorDelta>>();
  for (const delta of deltas) {
    const { partitionKey, rowKey } = deltaRow(delta);
    const rows = byPartition.get(partitionKey) ?? new Map<string, ErrorDelta>();
    const known = rows.get(rowKey);
    rows.set(rowKey, known === undefined ? delta : merged(known, delta));
    byPartition.set(partitionKey, rows);
  }
  const transactions = [...byPartition.values()].flatMap((rows) =>
    chunked([...rows.values()].map((delta) => ({ write: 'put' as const, row: deltaRow(delta) }))),
  );
  const lanes = [...new Set<LaneId>(deltas.map(({ lane }) => lane))];
  await Promise.all([
    inBatches(lanes, AT_ONCE, (lane) => index.list(lane)),
    inBatches(transactions, AT_ONCE, (writes) => writeAll(table, writes)),
  ]);
}

/** Equal keys out of one call are parts of one message: an upsert of the second alone would lose the first. */
function merged(a: ErrorDelta, b: ErrorDelta): ErrorDelta {
  return {
    ...a,
    count: a.count + b.count,
    firstAt: new Date(Math.min(a.firstAt.getTime(), b.firstAt.getTime())),
    lastAt: new Date(Math.max(a.lastAt.getTime(), b.lastAt.getTime())),
  };
}
