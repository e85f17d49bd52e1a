import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { BuildId, DeploymentId, InputId, IntentId, LaneId, Sha256, Version } from '../lane/words.ts';
import { lane as laneSchema } from './words.ts';

/** Two events about the same bytes, version and commit name the same build. */
export const buildId = (version: Version, commitSha: string, sha256: Sha256): BuildId =>
  hashed(16, version, commitSha.toLowerCase(), sha256) as BuildId;

/** `<lane>~<20 hex>`: the same event (by source and id) is the same input, however often it comes. */
export const inputIdOf = (lane: LaneId, source: string, id: string): InputId =>
  `${lane}~${hashed(20, source, id)}` as InputId;

/** The lane an input id belongs to; null when the text is no input id. */
export function laneOfInputId(text: string): LaneId | null {
  const [lane, rest, more] = text.split('~');
  if (rest === undefined || more !== undefined || !/^[A-Za-z0-9._-]{1,60}$/.test(rest)) return null;
  const read = v.safeParse(laneSchema, lane);
  return read.success ? read.output : null;
}

/** Sorts by time as text. `random`: a random id of the caller's, of which eight letters and digits are kept. */
export function deploymentIdOf(now: Date, random: string): DeploymentId {
  const tail = random.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (tail.length < 8) throw new RangeError('a deployment id needs at least 8 random letters or digits');
  return `${now.getTime().toString(36).padStart(9, '0')}-${tail.slice(0, 8)}` as DeploymentId;
}

/** It goes out as `x-ms-client-request-id`, so it is a random UUID as its caller made it. */
export function intentIdFrom(random: string): IntentId {
  if (!/^[A-Za-z0-9-]{8,64}$/.test(random)) throw new RangeError('an intent id is 8–64 letters, digits and -');
  return random.toLowerCase() as IntentId;
}

/** A marker id from what makes the marker unique: written twice it is the same row. */
export const markerId = (...parts: [string, ...string[]]): string => hashed(20, ...parts);

/** As JSON, so that no two lists of parts read the same. */
function hashed(hexDigits: number, ...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, hexDigits);
}
