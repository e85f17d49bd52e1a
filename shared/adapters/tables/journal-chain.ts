import { createHash } from 'node:crypto';
import type { JournalHead } from '../../ports.ts';
import type { Row } from './row.ts';

/**
 * The journal of a lane is a hash chain. Each entry's row carries `previous`, the hash of the entry before it, and `hash`: the
 * SHA-256 of everything else in the row, `previous` among it. The lane row carries the head, written in the same transaction. So an
 * entry that is changed, taken away, put in, moved or repeated no longer fits its neighbours or the head.
 */

/** Where a journal without entries ends. */
export const noEntries: JournalHead = { seq: 0, hash: '' };

/** The service's own properties, and the hash itself. */
const unhashed = new Set(['hash', 'etag', 'timestamp']);

/**
 * The hash of an entry's row: over its keys (which say the lane and the number), its text as stored, and every other property there
 * is. Rows of ours hold texts and numbers; a value of any other type comes from somebody else, and makes another hash.
 */
export function hashOf(row: Row): string {
  const properties = Object.entries(row)
    .filter(([name]) => !unhashed.has(name) && !name.startsWith('odata.'))
    .map(([name, value]) => [
      name,
      typeof value === 'string' || typeof value === 'number' ? value : { is: typeof value },
    ])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(properties)).digest('hex');
}

/** The rows of new entries, given in the order of their numbers, chained to the head; and the head after them. */
export function chained(head: JournalHead, entries: { seq: number; row: Row }[]): { rows: Row[]; head: JournalHead } {
  let end = head;
  const rows = entries.map(({ seq, row }) => {
    if (seq <= end.seq)
      throw new RangeError(
        `${row.rowKey} of ${row.partitionKey} is number ${seq}; the journal is at ${end.seq} already`,
      );
    const linked = { ...row, previous: end.hash };
    end = { seq, hash: hashOf(linked) };
    return { ...linked, hash: end.hash };
  });
  return { rows, head: end };
}
