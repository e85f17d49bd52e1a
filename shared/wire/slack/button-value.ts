import * as v from 'valibot';
import type { BuildId, DeploymentId, LaneId } from '../../lane/words.ts';
import { type Decoded, decoded, decodeWith } from '../decode.ts';
import { buildIdText, deploymentIdText, formOf, lane, maybe } from '../words.ts';

/** What a button carries: exactly what its message showed, so that a click can be refused once it is no longer so. */
export interface ButtonValue {
  lane: LaneId;
  /** Null on a message about a lane. */
  deployment: DeploymentId | null;
  build: BuildId | null;
  /** The evidence beside the button, in words; it becomes part of the reason in the journal. */
  shown: string;
}

/** Slack takes 2,000 characters of value; the ids are at most 521 of them. */
const MOST_SHOWN = 300;

/** Buttons stay in Slack for as long as their message does. No form is the first one. */
const shape = v.object({
  form: maybe(formOf(1)),
  lane,
  deployment: v.nullable(deploymentIdText),
  build: v.nullable(buildIdText),
  shown: v.pipe(v.string(), v.maxLength(MOST_SHOWN)),
});

/** At most 2,000 characters. */
export function encodeButtonValue({ lane, deployment, build, shown }: ButtonValue): string {
  const plain = shown.replace(/[\p{Cc}\p{Cs}\s"\\]+/gu, ' ').trim();
  return JSON.stringify({ lane, deployment, build, shown: plain.slice(0, MOST_SHOWN).replace(/[\ud800-\udbff]$/, '') });
}

export function decodeButtonValue(text: string): Decoded<ButtonValue> {
  const read = decodeWith(shape, text);
  if (!read.ok) return read;
  const { lane, deployment, build, shown } = read.value;
  return decoded({ lane, deployment, build, shown });
}

const DEPLOYMENT = 'deployment';

/** The `block_id` of a message's first block, at most 255 characters: a shortcut brings the message and no value. */
export const deploymentBlockId = (lane: LaneId, deployment: DeploymentId, build: BuildId): string =>
  [DEPLOYMENT, lane, deployment, build].join('|');

/** What a message is about, by its first block; null where it is none of ours. */
export function deploymentOfBlockId(
  blockId: string | undefined,
): { lane: LaneId; deployment: DeploymentId; build: BuildId } | null {
  const [kind, laneText, deploymentText, buildText, more] = (blockId ?? '').split('|');
  if (kind !== DEPLOYMENT || more !== undefined) return null;
  const read = v.safeParse(v.object({ lane, deployment: deploymentIdText, build: buildIdText }), {
    lane: laneText,
    deployment: deploymentText,
    build: buildText,
  });
  return read.success ? read.output : null;
}
