import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { TableName } from '../../../shared/adapters/tables/connect.ts';
import { SCHEMA } from '../../../shared/adapters/tables/row.ts';
import { decodeWith } from '../../../shared/wire/decode.ts';

/** In the order they are read: what a lane tells others to write is there once the lane says so. */
export const TABLES = ['Lanes', 'Markers', 'ErrorDeltas', 'ErrorGroups', 'DeadLetters'] as const satisfies TableName[];

/** The form of a backup. */
const FORM = 1;

const instant = v.pipe(
  v.string(),
  v.isoTimestamp('must be an instant'),
  v.transform((text) => new Date(text)),
);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex'));

const manifest = v.object({
  form: v.literal(FORM, `must be ${FORM}: another version of this command made it`),
  /** Of the rows. */
  schema: v.pipe(count, v.maxValue(SCHEMA, `is newer than this version reads (${SCHEMA})`)),
  /** Tells this backup from any other. */
  id: v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}$/, 'must be an id')),
  /** What is copied was so at this instant or later. */
  takenAt: instant,
  endedAt: instant,
  /** Where the tables were. */
  from: v.string(),
  tables: v.array(v.object({ name: v.picklist(TABLES), rows: count, sha256 })),
  /** As `verify-journal --heads` reads them; `writtenAt`: when the lane was last changed. */
  lanes: v.array(
    v.object({
      lane: v.string(),
      head: v.object({ seq: count, hash: v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{64})?$/, 'must be a SHA-256')) }),
      writtenAt: instant,
    }),
  ),
});

export type Manifest = v.InferOutput<typeof manifest>;

export const manifestFile = (dir: string): string => join(dir, 'manifest.json');
export const tableFile = (dir: string, name: TableName): string => join(dir, `${name}.jsonl`);

const LIMITS = { bytes: 50_000_000, depth: 8, entries: 5_000_000 };

export function newManifest(of: Omit<Manifest, 'form' | 'schema'>): string {
  return `${JSON.stringify({ form: FORM, schema: SCHEMA, ...of } satisfies Manifest, null, 2)}\n`;
}

/** Throws one clear sentence. */
export function readManifest(dir: string): Manifest {
  let text: string;
  try {
    text = readFileSync(manifestFile(dir), 'utf8');
  } catch (error) {
    throw new Error(`${dir} is no backup: it holds no manifest.json that can be read`, { cause: error });
  }
  const read = decodeWith(manifest, text, LIMITS);
  if (!read.ok) throw new Error(`${manifestFile(dir)} cannot be used: ${read.why}`);
  const names = read.value.tables.map(({ name }) => name).sort();
  if (names.join() !== [...TABLES].sort().join())
    throw new Error(`${manifestFile(dir)} cannot be used: it does not name each of ${TABLES.join(', ')} once`);
  return read.value;
}
