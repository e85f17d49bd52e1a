import { createHash } from 'node:crypto';

/** Longest encoded key part: a row key is made of at most three and Azurite takes 512 characters, Azure 1 KiB. */
const LONGEST = 160;
const HASHED_TAIL = 40;

/**
 * Outside text as a part of a table key. Letters, digits and `- _ . ~ @` stay; every other byte of its UTF-8 form becomes
 * `=XX`. So none of what a key must not contain is left (`/ \ # ?`, control characters, and `%`, `+`, which intermediaries
 * mangle), and `!` is free to separate parts. Text that would be too long keeps its beginning and ends in `=~` and a hash;
 * an escape is always two hex digits, so no other text can come to equal it.
 */
export function encodeKey(text: string): string {
  let encoded = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const character = String.fromCharCode(byte);
    encoded += /[A-Za-z0-9\-_.~@]/.test(character) ? character : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  if (encoded.length <= LONGEST) return encoded;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, HASHED_TAIL);
  return `${encoded.slice(0, LONGEST - HASHED_TAIL - 2)}=~${hash}`;
}

/** The last instant a key can be made of, in milliseconds. */
export const END_OF_TIME = 9_999_999_999_999;

/** An instant that sorts newest first: 13 digits. */
export function newestFirst(at: Date): string {
  return String(END_OF_TIME - checkedTime(at)).padStart(13, '0');
}

/** A counter that sorts newest first: 10 digits. */
export const highestFirst = (seq: number): string => String(9_999_999_999 - seq).padStart(10, '0');

/** A counter that sorts as it counts: 10 digits. */
export const inOrder = (seq: number): string => String(seq).padStart(10, '0');

/** The minute of an instant, sorting as time goes: 9 digits. */
export const minuteKey = (at: Date): string => String(Math.floor(checkedTime(at) / 60_000)).padStart(9, '0');

function checkedTime(at: Date): number {
  const ms = at.getTime();
  if (!Number.isInteger(ms) || ms < 0 || ms > END_OF_TIME)
    throw new RangeError(`no key can be made of the instant ${ms}`);
  return ms;
}

/** A text in a filter: quotes are doubled. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** An instant in a filter. */
export const instant = (at: Date): string => `datetime'${at.toISOString()}'`;

/** Filter for one partition, and within it for row keys that begin with the prefix (which is not empty). */
export function inPartition(partition: string, prefix?: string): string {
  const filter = `PartitionKey eq ${quoted(partition)}`;
  return prefix === undefined ? filter : `${filter} and ${between('RowKey', prefix)}`;
}

/** Filter for keys of that name that begin with the prefix (which is not empty). */
export function between(name: 'PartitionKey' | 'RowKey', prefix: string): string {
  const end = `${prefix.slice(0, -1)}${String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)}`;
  return `${name} ge ${quoted(prefix)} and ${name} lt ${quoted(end)}`;
}
