import * as v from 'valibot';
import type { Version } from '../../lane/words.ts';
import { type Decoded, decodeWith } from '../decode.ts';
import { version } from '../words.ts';

/** What a person says of an error group. `in`: the version that holds the remedy; absent: the one that is live. */
export type GroupChange =
  | { type: 'resolve'; in?: Version | undefined }
  | { type: 'ignore' }
  /** Takes back either. */
  | { type: 'reopen' };

export const groupChangeBody = v.variant('type', [
  v.strictObject({ type: v.literal('resolve'), in: v.optional(version) }),
  v.strictObject({ type: v.literal('ignore') }),
  v.strictObject({ type: v.literal('reopen') }),
]);

/** Reads the body of a change to an error group. */
export const decodeGroupChange = (raw: unknown): Decoded<GroupChange> => decodeWith(groupChangeBody, raw);
