import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { BuildId, InputId, LaneId, Sha256, Version } from '../lane/words.ts';
import { lane as laneSchema } from './words.ts';

/** Two events about the same bytes, version and commit name the same build. */
export const buildId = (version: Version, commitSha: string, sha256: Sha256): BuildId =>
  hashed(16, version, commitSha.toLowerCase(), sha256) as BuildId;

/** `<lane>~<20 hex>`: the same event (by source and id) is the same input, however often it comes. */
export const inputIdOf = (lane: LaneId, source: string, id: string): InputId =>
  `${lane}~${hashed(20, source, id)}` as InputId;

/**
 * `<lane>~site<20 hex>`: of a space of its own, so that no event of a site can take the message id of a build and have it dropped as
 * a duplicate.
 */
export const hintIdOf = (lane: LaneId, source: string, id: string): InputId =>
  `${lane}~site${hashed(20, source, id)}` as InputId;

/** The lane an input id belongs to; null when the text is no input id. */
export function laneOfInputId(text: string): LaneId | null {
  const [lane, rest, more] = text.split('~');
  if (rest === undefined || more !== undefined || !/^[A-Za-z0-9._-]{1,60}$/.test(rest)) return null;
  const read = v.safeParse(laneSchema, lane);
  return read.success ? read.output : null;
}

/** A marker id from what makes the marker unique: written twice it is the same row. */
export const markerId = (...parts: [string, ...string[]]): string => hashed(20, ...parts);

/** As JSON, so that no two lists of parts read the same. */
function hashed(hexDigits: number, ...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, hexDigits);
}
