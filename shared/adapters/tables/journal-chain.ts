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

/** What the service says of every row, as the client names it. It changes where a row is restored. */
const OF_THE_SERVICE: ReadonlyMap<string, RegExp> = new Map([
  ['etag', /^W\/"datetime'\d{4}-\d\d-\d\dT\d\d%3A\d\d%3A\d\d(?:\.\d{1,7})?Z'"$/i],
  ['timestamp', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z$/],
]);

/**
 * The hash of an entry's row: over its keys (which say the lane and the number), its text as stored, and every other property there
 * is. Rows of ours hold texts and numbers; a value of any other type comes from somebody else, and makes another hash. It is over
 * the content: the client does not tell a whole number that is stored as an Int32 from the same one stored as a Double.
 */
export function hashOf(row: Row): string {
  const properties = Object.entries(row)
    .filter(([name]) => name !== 'hash' && !OF_THE_SERVICE.has(name))
    .map(([name, value]) => [
      name,
      typeof value === 'string' || typeof value === 'number' ? value : { is: typeof value },
    ])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(properties)).digest('hex');
}

/**
 * Whether an entry's row is as its own hash has it, with nothing beside. A property that somebody calls as the service calls its own
 * would come in the place of that one, and is told from it by not being an instant.
 */
export function fitsItsHash(row: Row): boolean {
  const others = [...OF_THE_SERVICE].some(([name, form]) => {
    const value = row[name];
    return value !== undefined && !(typeof value === 'string' && form.test(value));
  });
  return !others && row.hash === hashOf(row);
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
