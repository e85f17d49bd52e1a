import type { ErrorDelta } from '../../correlation/words.ts';
import type { LaneId } from '../../lane/words.ts';
import { deltaRows } from './error-delta-rows.ts';
import { inBatches } from './in-batches.ts';
import { chunked, writeAll } from './in-transactions.ts';
import type { LaneIndex } from './lane-index.ts';
import type { Row } from './row.ts';
import type { Table } from './table.ts';

/** Partitions are written side by side; this many transactions at once keep the client's one thread busy. */
const AT_ONCE = 8;

/** Upserts the deltas, each partition in as few transactions as it takes. Throws Unavailable: what was written may be written again. */
export async function append(table: Table, index: Pick<LaneIndex, 'list'>, deltas: ErrorDelta[]): Promise<void> {
  const byPartition = new Map<string, Row[]>();
  for (const row of deltaRows(deltas))
    byPartition.set(row.partitionKey, [...(byPartition.get(row.partitionKey) ?? []), row]);
  const transactions = [...byPartition.values()].flatMap((rows) =>
    chunked(rows.map((row) => ({ write: 'put' as const, row }))),
  );
  const lanes = [...new Set<LaneId>(deltas.map(({ lane }) => lane))];
  await Promise.all([
    inBatches(lanes, AT_ONCE, (lane) => index.list(lane)),
    inBatches(transactions, AT_ONCE, (writes) => writeAll(table, writes)),
  ]);
}
