import * as v from 'valibot';
import { type Decoded, decodeWith } from '../decode.ts';
import { textUpTo } from '../words.ts';

const body = v.strictObject({ type: v.literal('replay'), source: textUpTo(200), id: textUpTo(200) });

/** Reads the command that sends a dead letter again: which one. It moves no lane, so it is no input. */
export const decodeReplay = (raw: unknown): Decoded<{ type: 'replay'; source: string; id: string }> =>
  decodeWith(body, raw);
