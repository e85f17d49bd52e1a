import type { CompactedSum } from '../../correlation/sum.ts';
import type { ErrorDelta } from '../../correlation/words.ts';
import type { Fingerprint, LaneId, Version } from '../../lane/words.ts';
import { encodeKey, minuteKey } from './key.ts';
import { type Row, toRow } from './row.ts';

/** All partitions of a lane in `ErrorDeltas` begin with this: one per version as reported. */
export const partitionsOf = (lane: LaneId): string => `${encodeKey(lane)}!`;

/** `v!` before a version: one that is called "none" is not the lack of one. */
export const partitionOf = (lane: LaneId, version: Version | null): string =>
  `${partitionsOf(lane)}${version === null ? 'none' : `v!${encodeKey(version)}`}`;

/** Deltas begin with their minute, a digit; sums do not. */
export const SUMS = 'sum!';

const sumKey = (fingerprint: Fingerprint): string => `${SUMS}${encodeKey(fingerprint)}`;

/** The same message makes the same keys, however it is delivered again or regrouped: it rewrites its own rows. */
export function deltaRow(delta: ErrorDelta): Row {
  const key = `${minuteKey(delta.minute)}!${encodeKey(delta.fingerprint)}!${encodeKey(delta.batch)}`;
  return toRow(partitionOf(delta.lane, delta.version), key, delta);
}

export const sumRow = (sum: CompactedSum): Row =>
  toRow(partitionOf(sum.lane, sum.version), sumKey(sum.fingerprint), sum);
