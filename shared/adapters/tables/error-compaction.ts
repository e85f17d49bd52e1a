import type { CompactedSum } from '../../correlation/sum.ts';
import type { ErrorDelta } from '../../correlation/words.ts';
import type { Fingerprint, LaneId } from '../../lane/words.ts';
import { deltasIn, partitionsOf, SUMS, sumRow } from './error-delta-rows.ts';
import { sumWith } from './error-sum.ts';
import { between, inPartition, minuteKey, quoted } from './key.ts';
import { fromRow, type StoredRow } from './row.ts';
import { Conflict, type Table, type Write } from './table.ts';

/** Of a transaction: deletes, and the sums they go into. */
const MOST_OPERATIONS = 100;
const MINUTE = 60_000;
/** Of one call, so that it ends within seconds whatever has come together. */
const MOST_ROWS = 5_000;

/** A row to be compacted, read. */
interface Old {
  row: StoredRow;
  deltas: ErrorDelta[];
}

/**
 * Moves the deltas of minutes before the instant into the sums of their fingerprints: the sums and the deletes they make up
 * for are one transaction, so a crash counts nothing twice and loses nothing. About `most` rows; what is left is met by the next call.
 * Somebody else compacting the same ends it.
 */
export async function compact(
  table: Table,
  lane: LaneId,
  before: Date,
  most = MOST_ROWS,
): Promise<{ deleted: number }> {
  const rows = await oldRows(table, lane, before, most);
  const partitions = new Map<string, Old[]>();
  for (const row of rows) {
    const old = partitions.get(row.partitionKey) ?? [];
    partitions.set(row.partitionKey, old);
    old.push({ row, deltas: deltasIn(row) });
  }
  let deleted = 0;
  try {
    for (const [partition, old] of partitions)
      for (let rest = old; rest.length > 0; ) {
        const chunk = rest.slice(0, fitting(rest));
        rest = rest.slice(chunk.length);
        await compactChunk(table, partition, chunk, rest);
        deleted += chunk.reduce((sum, { deltas }) => sum + deltas.length, 0);
      }
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
  }
  return { deleted };
}

/**
 * About `most` of the rows, in order, and never a part of a partition's minute: of a minute that was summed in part, nobody could tell
 * later whether what comes then was counted.
 */
async function oldRows(table: Table, lane: LaneId, before: Date, most: number): Promise<StoredRow[]> {
  const ofLane = between('PartitionKey', partitionsOf(lane));
  const filter = `${ofLane} and RowKey lt ${quoted(minuteKey(before))}`;
  const rows = await table.query({ filter, most: most + 1 });
  const next = rows[most];
  if (next === undefined) return rows;
  const minute = minuteIn(next);
  const whole = rows.filter((row) => row.partitionKey !== next.partitionKey || minuteIn(row) !== minute);
  return whole.length > 0 ? whole : table.query({ filter: inPartition(next.partitionKey, `${minute}!`) });
}

/** As it stands in the key of a row of deltas. */
const minuteIn = ({ rowKey }: StoredRow): string => rowKey.slice(0, rowKey.indexOf('!'));

/** One transaction; `rest`: the rows of the partition that follow, oldest minute first. Throws Conflict. */
async function compactChunk(table: Table, partition: string, chunk: Old[], rest: Old[]): Promise<void> {
  const stored = new Map<Fingerprint, { sum: CompactedSum; etag: string }>();
  // Read before each transaction: the one before it gave its rows new ETags.
  for (const row of await table.query({ filter: inPartition(partition, SUMS) })) {
    const sum = fromRow<CompactedSum>(row);
    stored.set(sum.fingerprint, { sum, etag: row.etag });
  }
  const goesOn = goingOn(chunk, rest);
  const writes: Write[] = [];
  for (const [fingerprint, deltas] of byFingerprint(chunk)) {
    const last = Math.max(...deltas.map(({ minute }) => minute.getTime()));
    // While rows to come have more of the same minute, that minute is not counted yet.
    const through = new Date(goesOn(fingerprint, last) ? last - MINUTE : last);
    const known = stored.get(fingerprint);
    const row = sumRow(sumWith(known?.sum ?? null, deltas, through));
    writes.push(known === undefined ? { write: 'create', row } : { write: 'replace', row, etag: known.etag });
  }
  for (const { row } of chunk) writes.push({ write: 'delete', partitionKey: partition, rowKey: row.rowKey });
  await table.transact(writes);
}

/** Tells whether a fingerprint has more of a minute in the rows that follow: that can be so of the last minute of the chunk alone. */
function goingOn(chunk: Old[], rest: Old[]): (fingerprint: Fingerprint, minute: number) => boolean {
  const minuteOf = (old: Old | undefined): number | undefined => old?.deltas[0]?.minute.getTime();
  const last = minuteOf(chunk.at(-1));
  const more = new Set<Fingerprint>();
  for (const old of rest) {
    if (minuteOf(old) !== last) break;
    for (const { fingerprint } of old.deltas) more.add(fingerprint);
  }
  return (fingerprint, minute) => minute === last && more.has(fingerprint);
}

/** How many rows fit into one transaction with the sums they go into; a row alone always does. */
function fitting(rows: Old[]): number {
  const fingerprints = new Set<Fingerprint>();
  for (const [index, { deltas }] of rows.entries()) {
    for (const { fingerprint } of deltas) fingerprints.add(fingerprint);
    if (index > 0 && index + 1 + fingerprints.size > MOST_OPERATIONS) return index;
  }
  return rows.length;
}

function byFingerprint(rows: Old[]): Map<Fingerprint, [ErrorDelta, ...ErrorDelta[]]> {
  const groups = new Map<Fingerprint, [ErrorDelta, ...ErrorDelta[]]>();
  for (const delta of rows.flatMap(({ deltas }) => deltas)) {
    const group = groups.get(delta.fingerprint);
    if (group === undefined) groups.set(delta.fingerprint, [delta]);
    else group.push(delta);
  }
  return groups;
}
