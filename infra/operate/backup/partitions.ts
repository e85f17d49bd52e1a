import { setTimeout as sleep } from 'node:timers/promises';
import type { TableClient } from '@azure/data-tables';
import type { TableName } from '../../../shared/adapters/tables/connect.ts';
import { SUMS } from '../../../shared/adapters/tables/error-delta-rows.ts';
import { between, inPartition, quoted } from '../../../shared/adapters/tables/key.ts';
import { laneKey } from '../../../shared/adapters/tables/lane-rows.ts';
import type { StoredRow } from '../../../shared/adapters/tables/row.ts';
import { partitionsOf, rowsOf, typedRowsOf } from '../rows.ts';
import type { TableFile } from './table-file.ts';

/**
 * The rows whose ETags tell whether what belongs together in a partition was changed: each change of a lane writes its row, and each
 * compaction of error reports writes the sums they go into. Of the other tables each row stands for itself.
 */
const guards: Partial<Record<TableName, string>> = {
  Lanes: `RowKey eq ${quoted(laneKey)}`,
  ErrorDeltas: between('RowKey', SUMS),
};

const MOST_TRIES = 40;
const LONGEST_PAUSE_MS = 1_000;

/** A partition kept being changed while it was read. */
export class NeverStill extends Error {
  override name = 'NeverStill';
}

export type Copy = (row: StoredRow) => string | null;

/** Every row of a table into the file, by way of `copy` (null: not this one). Throws Unreachable, NeverStill. */
export async function copyTable(client: TableClient, name: TableName, file: TableFile, copy: Copy): Promise<void> {
  const guard = guards[name];
  if (guard === undefined) return copyRows(client, "PartitionKey ge ''", file, copy);
  for await (const partition of partitionsOf(client)) await copyStill(client, partition, guard, file, copy);
}

/** The partition as it was at one moment: read again where its guard changed meanwhile. */
async function copyStill(
  client: TableClient,
  partition: string,
  guard: string,
  file: TableFile,
  copy: Copy,
): Promise<void> {
  const stamps = async (): Promise<string> => {
    const found: string[] = [];
    for await (const { rowKey, etag } of rowsOf(client, `${inPartition(partition)} and ${guard}`))
      found.push(`${rowKey} ${etag}`);
    return found.join('\n');
  };
  const start = await file.point();
  for (let tried = 1; tried <= MOST_TRIES; tried += 1) {
    const before = await stamps();
    await copyRows(client, inPartition(partition), file, copy);
    if ((await stamps()) === before) return;
    await file.backTo(start);
    await sleep(Math.min(LONGEST_PAUSE_MS, tried * 25));
  }
  throw new NeverStill(
    `${partition} in the table ${client.tableName} changed each of the ${MOST_TRIES} times it was read; try again when less happens there`,
  );
}

async function copyRows(client: TableClient, filter: string, file: TableFile, copy: Copy): Promise<void> {
  for await (const row of typedRowsOf(client, filter)) {
    const line = copy(row);
    if (line !== null) await file.add(line);
  }
}
