import { Unavailable } from '../../ports.ts';
import { decode, encode } from './codec.ts';

/** A row as the table client takes and gives it. */
export interface Row {
  partitionKey: string;
  rowKey: string;
  [property: string]: unknown;
}

export type StoredRow = Row & { etag: string };

/**
 * The form of every row. Raised with any change that this version's readers could take for something else; the readers of the older
 * forms stay (test/golden holds them to it). 1, without the chain of the journal, was never released.
 */
export const SCHEMA = 2;

/** What is stored does not fit; it names what and by how much. Trying again does not help. */
export class TooLarge extends Error {
  override name = 'TooLarge';
}

/** A text property holds 32 Ki characters of UTF-16 (64 KiB). */
const PART = 32_000;
/** 15 parts are at most 960,000 bytes: an entity holds 1 MiB. Azurite checks neither. */
const MOST_PARTS = 15;

/**
 * A row whose content is one JSON text, spread over `state`, `state2` … where it is long. `most`: its greatest length in
 * characters. `more`: properties of their own, for filters and for reading without decoding.
 */
export function toRow(
  partitionKey: string,
  rowKey: string,
  content: unknown,
  more: Record<string, unknown> = {},
  most = PART * MOST_PARTS,
): Row {
  const text = encode(content);
  if (text.length > most)
    throw new TooLarge(
      `the row ${rowKey} of ${partitionKey} has ${text.length} characters; at most ${most} are stored`,
    );
  return { partitionKey, rowKey, schema: SCHEMA, ...inParts(text), ...more };
}

function inParts(text: string): Record<string, string> {
  const parts: Record<string, string> = {};
  let from = 0;
  for (let part = 1; from < text.length || part === 1; part += 1) {
    if (part > MOST_PARTS) throw new TooLarge(`a text of ${text.length} characters does not fit into one row`);
    let to = Math.min(from + PART, text.length);
    // Half of a surrogate pair is no character: it would come back as U+FFFD.
    if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to -= 1;
    parts[part === 1 ? 'state' : `state${part}`] = text.slice(from, to);
    from = to;
  }
  return parts;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/**
 * The content `toRow` was given. A newer row is Unavailable: while a new version takes over from this one, what came for it comes
 * again and is met by the new one. Throws Error for any other row that is not ours to read.
 */
export function fromRow<Content>(row: Row): Content {
  const { schema } = row;
  if (typeof schema === 'number' && schema > SCHEMA)
    throw new Unavailable(
      `${namely(row)}, which is newer than this version reads (${SCHEMA}): a newer version must run`,
    );
  if (schema !== SCHEMA)
    throw new Error(`${namely(row)}; this version reads ${SCHEMA}: the version that wrote it must run`);
  let text = '';
  for (let part = 1; part <= MOST_PARTS; part += 1) {
    const piece = row[part === 1 ? 'state' : `state${part}`];
    if (typeof piece !== 'string') break;
    text += piece;
  }
  return decode<Content>(text);
}

const namely = ({ partitionKey, rowKey, schema }: Row): string =>
  `the row ${rowKey} of ${partitionKey} has schema ${String(schema)}`;
