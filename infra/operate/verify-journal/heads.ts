import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import type { JournalHead } from '../../../shared/ports.ts';
import { decodeWith } from '../../../shared/wire/decode.ts';
import type { RecordedHeads } from './verify.ts';

/** What `verify-journal --json` prints, of which the heads are read. */
const file = v.object({
  lanes: v.array(
    v.object({
      lane: v.string(),
      head: v.object({
        seq: v.pipe(v.number(), v.integer(), v.minValue(0)),
        hash: v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{64})?$/, 'must be a SHA-256 in lower-case hex, or empty')),
      }),
    }),
  ),
});

const LIMITS = { bytes: 50_000_000, depth: 8, entries: 5_000_000 };

/** Heads kept elsewhere, by lane. Throws one clear sentence. */
export function readHeads(path: string): RecordedHeads {
  const read = decodeWith(file, textOf(path), LIMITS);
  if (!read.ok) throw new Error(`${path} is not what verify-journal --json printed: ${read.why}`);
  return new Map(read.value.lanes.map(({ lane, head }): [string, JournalHead] => [lane, head]));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`${path} cannot be read`, { cause: error });
  }
}
