import * as v from 'valibot';
import type { Row } from '../../../shared/adapters/tables/row.ts';
import { decodeWith } from '../../../shared/wire/decode.ts';

/** A row as one line of JSON. Texts, booleans and plain numbers are JSON's own; of any other value the type is kept beside it. */
export interface CopiedRow {
  partitionKey: string;
  rowKey: string;
  properties: Record<string, CopiedValue>;
}

export type CopiedValue = string | number | boolean | { type: TypedName; value: string | number };

const typed = ['Int64', 'DateTime', 'Double', 'Binary', 'Guid'] as const;
type TypedName = (typeof typed)[number];

const value = v.union([
  v.string(),
  v.number(),
  v.boolean(),
  v.strictObject({ type: v.picklist(typed), value: v.union([v.string(), v.number()]) }),
]);
const line = v.strictObject({ partitionKey: v.string(), rowKey: v.string(), properties: v.record(v.string(), value) });

/** A row holds 1 MiB in UTF-16; as JSON a character takes at most six bytes. */
const LIMITS = { bytes: 8_000_000, depth: 6, entries: 10_000 };

/** What the service itself adds to a row. */
const added = new Set(['partitionKey', 'rowKey', 'etag', 'timestamp']);

/** A row as the client gives it without converting types. Throws for a type the tables do not have. */
export function copyOf(row: Row): CopiedRow {
  const properties: CopiedRow['properties'] = {};
  for (const [name, given] of Object.entries(row)) {
    if (added.has(name) || name.startsWith('odata.')) continue;
    properties[name] = typedValue(name, given);
  }
  return { partitionKey: row.partitionKey, rowKey: row.rowKey, properties };
}

/** The client says `Boolean`, `Int32` and `Double` in text also where the service said no type. */
function typedValue(name: string, given: unknown): CopiedValue {
  const { type, value: said } = (given ?? {}) as { type?: string; value?: unknown };
  if (type === 'String' && typeof said === 'string') return said;
  if (type === 'Boolean') return String(said) === 'true';
  if (type === 'Int32' || (type === 'Double' && typeof said === 'string' && Number.isFinite(Number(said))))
    return Number(said);
  const known = typed.find((one) => one === type);
  if (known !== undefined && (typeof said === 'string' || typeof said === 'number'))
    return { type: known, value: said };
  throw new Error(`the property ${name} has a type that cannot be copied`);
}

export const lineOf = (row: CopiedRow): string => JSON.stringify(row);

/** Throws one clear sentence. */
export function rowIn(text: string): CopiedRow {
  const read = decodeWith(line, text, LIMITS);
  if (!read.ok) throw new Error(read.why);
  return read.value;
}

/** The row as the client takes it, every type as it was. */
export const toWrite = ({ partitionKey, rowKey, properties }: CopiedRow): Row => ({
  ...properties,
  partitionKey,
  rowKey,
});

/** The row as the service reads it. */
export function asRead({ partitionKey, rowKey, properties }: CopiedRow): Row {
  const read = Object.entries(properties).map(([name, one]) => [name, typeof one === 'object' ? convert(one) : one]);
  return { ...Object.fromEntries(read), partitionKey, rowKey };
}

function convert({ type, value: said }: Extract<CopiedValue, object>): unknown {
  if (type === 'Int64') return BigInt(said);
  if (type === 'DateTime') return new Date(said);
  if (type === 'Double') return Number(said);
  return type === 'Binary' ? Buffer.from(String(said), 'base64') : { type, value: said };
}
