import { decode, encode } from './codec.ts';

/** A row as the table client takes and gives it. */
export interface Row {
  partitionKey: string;
  rowKey: string;
  [property: string]: unknown;
}

export type StoredRow = Row & { etag: string };

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
  return { partitionKey, rowKey, schema: 1, ...inParts(text), ...more };
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

/** The content `toRow` was given. */
export function fromRow<Content>(row: Row): Content {
  if (row.schema !== 1)
    throw new Error(
      `the row ${row.rowKey} of ${row.partitionKey} has schema ${String(row.schema)}; this version reads 1`,
    );
  let text = '';
  for (let part = 1; part <= MOST_PARTS; part += 1) {
    const piece = row[part === 1 ? 'state' : `state${part}`];
    if (typeof piece !== 'string') break;
    text += piece;
  }
  return decode<Content>(text);
}
