import * as v from 'valibot';
import type { Command } from '../../lane/input.ts';
import type { LaneId } from '../../lane/words.ts';
import { type Decoded, decoded, decodeWith } from '../decode.ts';
import { buildIdText, deploymentIdText, lane, maybe, textUpTo } from '../words.ts';

const reason = textUpTo(2_000);
const common = {
  lane,
  /** The sender's own name for this command: the same id again is the same command. */
  id: maybe(textUpTo(300)),
};

export const commandBody = v.variant('type', [
  v.strictObject({ ...common, type: v.literal('approve'), deployment: deploymentIdText, build: buildIdText }),
  v.strictObject({ ...common, type: v.literal('reject'), deployment: deploymentIdText, build: buildIdText, reason }),
  v.strictObject({ ...common, type: v.literal('roll-back'), sawLive: buildIdText, reason }),
  v.strictObject({ ...common, type: v.literal('end-watch'), deployment: deploymentIdText, sawLive: buildIdText }),
  v.strictObject({ ...common, type: v.literal('hold'), reason }),
  v.strictObject({ ...common, type: v.literal('release') }),
  v.strictObject({
    ...common,
    type: v.literal('retry'),
    deployment: deploymentIdText,
    /** The build seen live; null where none of ours was. */
    sawLive: v.nullable(buildIdText),
  }),
  v.strictObject({
    ...common,
    type: v.literal('deploy'),
    build: buildIdText,
    /** As above. */
    sawLive: v.nullable(buildIdText),
  }),
]);

/**
 * Reads the body of `POST /api/v1/commands`. Unknown keys are refused: a misspelt `sawLive` must not pass for a command without one.
 * `id` is null where the sender gave none; the caller then makes one.
 */
export function decodeCommand(raw: unknown): Decoded<{ lane: LaneId; id: string | null; command: Command }> {
  const read = decodeWith(commandBody, raw);
  if (!read.ok) return read;
  const { lane, id = null, ...command } = read.value;
  return decoded({ lane, id, command });
}
