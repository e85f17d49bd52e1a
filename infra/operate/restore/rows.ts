import type { TableName, Tables } from '../../../shared/adapters/tables/connect.ts';
import { chunked, writeAll } from '../../../shared/adapters/tables/in-transactions.ts';
import { inPartition, quoted } from '../../../shared/adapters/tables/key.ts';
import { laneKey } from '../../../shared/adapters/tables/lane-rows.ts';
import { Conflict, type Table, type Write } from '../../../shared/adapters/tables/table.ts';
import { TABLES } from '../copy/manifest.ts';
import { type Backup, copiedRows } from '../copy/read.ts';
import { type CopiedRow, toWrite } from '../copy/row-text.ts';

/** As many rows of one partition as are held in memory at once. */
const MOST_HELD = 500;
const TOLD_EACH = 20_000;

type Create = Extract<Write, { write: 'create' }>;

/**
 * Writes every row that is not there yet, as it was copied; one that is there is left alone, whoever wrote it. Not the rows of the
 * lanes themselves, which were restored before, nor what was pending in them.
 */
export async function restoreRows(tables: Tables, { dir }: Backup, say: (line: string) => void): Promise<void> {
  for (const name of TABLES) {
    let written = 0;
    for await (const rows of byPartition(dir, name)) {
      const before = written;
      written += rows.length;
      await create(tables(name), rows);
      if (Math.floor(written / TOLD_EACH) > Math.floor(before / TOLD_EACH)) say(`${name}: ${written} rows so far`);
    }
    say(`${name}: ${written} rows`);
  }
}

async function* byPartition(dir: string, name: TableName): AsyncGenerator<CopiedRow[]> {
  let held: CopiedRow[] = [];
  for await (const row of copiedRows(dir, name)) {
    if (name === 'Lanes' && (row.rowKey === laneKey || row.rowKey.startsWith('effect!'))) continue;
    if (held.length === MOST_HELD || (held[0] !== undefined && held[0].partitionKey !== row.partitionKey)) {
      yield held;
      held = [];
    }
    held.push(row);
  }
  if (held.length > 0) yield held;
}

async function create(table: Table, rows: CopiedRow[]): Promise<void> {
  for (const chunk of chunked(rows.map((row): Create => ({ write: 'create', row: toWrite(row) })))) {
    for (let missing = chunk; missing.length > 0; missing = await missingOf(table, chunk)) {
      try {
        await writeAll(table, missing);
        break;
      } catch (error) {
        // Where one of a transaction is there, none of it was written.
        if (!(error instanceof Conflict)) throw error;
      }
    }
  }
}

/** Those that are not there; the rows of a chunk are of one partition and lie in the order of their keys. */
async function missingOf(table: Table, chunk: Create[]): Promise<Create[]> {
  const keys = chunk.map(({ row }) => row.rowKey);
  const [first, last] = [keys[0] ?? '', keys.at(-1) ?? ''];
  const range = `RowKey ge ${quoted(first)} and RowKey le ${quoted(last)}`;
  const filter = `${inPartition(chunk[0]?.row.partitionKey ?? '')} and ${range}`;
  const there = new Set((await table.query({ filter, select: ['RowKey'] })).map(({ rowKey }) => rowKey));
  return chunk.filter(({ row }) => !there.has(row.rowKey));
}
