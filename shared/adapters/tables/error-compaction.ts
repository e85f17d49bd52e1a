import type { CompactedSum } from '../../correlation/sum.ts';
import type { ErrorDelta } from '../../correlation/words.ts';
import type { LaneId } from '../../lane/words.ts';
import { partitionsOf, SUMS, sumRow } from './error-delta-rows.ts';
import { sumWith } from './error-sum.ts';
import { between, minuteKey, quoted } from './key.ts';
import { fromRow, type StoredRow } from './row.ts';
import { Conflict, type Table, type Write } from './table.ts';

/** The sum takes one of the hundred operations. */
const MOST_DELETES = 99;

/**
 * Moves the deltas of minutes before the instant into the sums of their fingerprints: the sum and the deletes it makes up
 * for are one transaction, so a crash counts nothing twice and loses nothing. Somebody else compacting the same ends it.
 */
export async function compact(table: Table, lane: LaneId, before: Date): Promise<{ deleted: number }> {
  const ofLane = between('PartitionKey', partitionsOf(lane));
  const rows = await table.query({ filter: `${ofLane} and RowKey lt ${quoted(minuteKey(before))}` });
  if (rows.length === 0) return { deleted: 0 };
  const sums = new Map<string, StoredRow>();
  for (const row of await table.query({ filter: `${ofLane} and ${between('RowKey', SUMS)}` }))
    sums.set(`${row.partitionKey}/${row.rowKey}`, row);

  let deleted = 0;
  for (const covered of byFingerprint(rows)) {
    const stored = sums.get(covered.sumKey) ?? null;
    let sum = stored === null ? null : fromRow<CompactedSum>(stored);
    let etag = stored?.etag ?? null;
    for (let from = 0; from < covered.rows.length; from += MOST_DELETES) {
      const chunk = covered.rows.slice(from, from + MOST_DELETES);
      const next = covered.rows[from + MOST_DELETES];
      const deltas = chunk.map((row) => fromRow<ErrorDelta>(row));
      const [first, ...others] = deltas;
      if (first === undefined) break;
      sum = sumWith(sum, [first, ...others], countedThrough(deltas, next));
      const row = sumRow(sum);
      const writes: Write[] = [
        etag === null ? { write: 'create', row } : { write: 'replace', row, etag },
        ...chunk.map(({ partitionKey, rowKey }) => ({ write: 'delete' as const, partitionKey, rowKey })),
      ];
      try {
        etag = await table.transact(writes);
      } catch (error) {
        if (error instanceof Conflict) return { deleted };
        throw error;
      }
      deleted += chunk.length;
    }
  }
  return { deleted };
}

/** The last minute of the chunk; the one before it while the next chunk has more of the same minute. */
function countedThrough(deltas: ErrorDelta[], next: StoredRow | undefined): Date {
  const last = Math.max(...deltas.map(({ minute }) => minute.getTime()));
  const goesOn = next !== undefined && fromRow<ErrorDelta>(next).minute.getTime() === last;
  return new Date(goesOn ? last - 60_000 : last);
}

/** The rows of each sum, oldest minute first. */
function byFingerprint(rows: StoredRow[]): { sumKey: string; rows: StoredRow[] }[] {
  const groups = new Map<string, StoredRow[]>();
  for (const row of rows) {
    const { partitionKey, rowKey } = sumRowKeys(row);
    const key = `${partitionKey}/${rowKey}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups].map(([sumKey, of]) => ({ sumKey, rows: of }));
}

/** The middle part of a delta's key is its fingerprint as encoded for a key; a sum's key ends in the same. */
function sumRowKeys(row: StoredRow): { partitionKey: string; rowKey: string } {
  const [, fingerprint] = row.rowKey.split('!');
  return { partitionKey: row.partitionKey, rowKey: `${SUMS}${fingerprint}` };
}
