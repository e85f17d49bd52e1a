import type { Tables } from '../../../shared/adapters/tables/connect.ts';
import { fromRow, toRow } from '../../../shared/adapters/tables/row.ts';
import { Conflict } from '../../../shared/adapters/tables/table.ts';
import { type Manifest, TABLES } from '../copy/manifest.ts';
import { ORIGIN } from '../copy/restored-row.ts';

/** Which backup tables were restored from: the first row that is written to them, so that a restore that was ended is known again. */
export interface Origin {
  backup: string;
  takenAt: Date;
  from: string;
  begunAt: Date;
  /** Null: rows may be missing. */
  endedAt: Date | null;
  /** How the first region was fenced; null: nothing was taken over. */
  fenced: string | null;
}

const rowOf = (origin: Origin) => toRow(ORIGIN.partitionKey, ORIGIN.rowKey, origin);

/** Claims empty tables for a backup, or finds that it was restored here before, wholly or in part. Throws one clear sentence. */
export async function beginRestore(
  tables: Tables,
  { id, takenAt, from }: Manifest,
  now: Date,
  fenced: string | null,
): Promise<Origin> {
  const known = await tables('Markers').get(ORIGIN.partitionKey, ORIGIN.rowKey);
  if (known !== null) return same(fromRow<Origin>(known), id);
  for (const name of TABLES) {
    const [row] = await tables(name).query({ filter: "PartitionKey ge ''", most: 1 });
    if (row !== undefined)
      throw new Error(
        `the table ${name} is not empty: it has rows of ${row.partitionKey}; a backup is restored into empty tables alone`,
      );
  }
  const origin: Origin = { backup: id, takenAt, from, begunAt: now, endedAt: null, fenced };
  try {
    await tables('Markers').write({ write: 'create', row: rowOf(origin) });
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    throw new Error('somebody else began to restore into these tables just now; see what became of that first');
  }
  return origin;
}

function same(origin: Origin, id: string): Origin {
  if (origin.backup === id) return origin;
  throw new Error(
    `these tables were restored from another backup, ${origin.backup} of ${origin.takenAt.toISOString()}; a backup is restored into empty tables alone`,
  );
}

export async function endRestore(tables: Tables, origin: Origin, now: Date): Promise<void> {
  await tables('Markers').write({ write: 'put', row: rowOf({ ...origin, endedAt: now }) });
}
