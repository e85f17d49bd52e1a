import * as v from 'valibot';
import type { Input } from '../lane/input.ts';
import { build } from './build-shape.ts';
import { type Decoded, decoded, decodeWith, refused } from './decode.ts';
import {
  buildIdText,
  deploymentIdText,
  formOf,
  inputIdText,
  lane,
  maybe,
  sha256,
  textUpTo,
  wholeNumber,
} from './words.ts';

const counter = wholeNumber(0, Number.MAX_SAFE_INTEGER);
const reason = textUpTo(2000);

const command = v.variant('type', [
  v.object({ type: v.literal('approve'), deployment: deploymentIdText, build: buildIdText }),
  v.object({ type: v.literal('reject'), deployment: deploymentIdText, build: buildIdText, reason }),
  v.object({ type: v.literal('roll-back'), sawLive: buildIdText, reason }),
  v.object({ type: v.literal('end-watch'), deployment: deploymentIdText, sawLive: buildIdText }),
  v.object({ type: v.literal('hold'), reason }),
  v.object({ type: v.literal('release') }),
  v.object({ type: v.literal('retry'), deployment: deploymentIdText, sawLive: v.nullable(buildIdText) }),
  v.object({ type: v.literal('deploy'), build: buildIdText, sawLive: v.nullable(buildIdText) }),
]);

const common = { id: inputIdText, lane };

const input = v.variant('type', [
  v.object({ ...common, type: v.literal('build-arrived'), build }),
  v.object({
    ...common,
    type: v.literal('command'),
    by: v.object({ name: textUpTo(200), slackId: maybe(textUpTo(40)) }),
    command,
    replyTo: maybe(textUpTo(1_000)),
  }),
  v.object({ ...common, type: v.literal('wake'), step: counter }),
  v.object({ ...common, type: v.literal('site-changed'), request: v.nullable(textUpTo(200)) }),
  v.object({
    ...common,
    type: v.literal('package-copied'),
    deployment: deploymentIdText,
    sha256,
    attempt: counter,
  }),
  v.object({
    ...common,
    type: v.literal('package-refused'),
    deployment: deploymentIdText,
    because: reason,
    attempt: counter,
  }),
]);

/** All under `data`: the runtime lets the top-level properties of a JSON body overwrite what it says about the message. */
const message = v.object({ data: v.object({ form: formOf(1), attempt: counter, input }) });

/** Standard tier takes 256 KB a message, headers included. */
const MOST_BYTES = 200_000;

/**
 * The body of a message to the queue `lanes`. `attempt`: how often this input met something that was down. Commits are left
 * out, oldest knowledge last, where the message would grow past 200 KB. Throws where the input does not fit its own schema,
 * which is a fault of ours.
 */
export function encodeInput(from: Input, attempt: number): object {
  const body = { data: { form: 1, attempt, input: trimmed(from) } };
  const plain: unknown = JSON.parse(JSON.stringify(body));
  const check = decodeInput(plain);
  if (!check.ok) throw new Error(`input ${from.id} cannot be sent: ${check.why}`);
  return plain as object;
}

/** Reads the body of a message from the queue `lanes`. */
export function decodeInput(raw: unknown): Decoded<{ input: Input; attempt: number }> {
  const read = decodeWith(message, raw);
  if (!read.ok) return read;
  const { input, attempt } = read.value.data;
  if (!input.id.startsWith(`${input.lane}~`)) return refused('data.input.id: names another lane than data.input.lane');
  return decoded({ input, attempt });
}

function trimmed(input: Input): Input {
  if (input.type === 'package-refused') return { ...input, because: storable(input.because) };
  if (input.type !== 'build-arrived') return input;
  let { build } = input;
  while (build.commits.length > 0 && Buffer.byteLength(JSON.stringify(build)) > MOST_BYTES) {
    build = { ...build, commits: build.commits.slice(0, Math.floor(build.commits.length / 2)) };
  }
  return { ...input, build };
}

/** What a storage or its site said may be of any length and hold anything; it must not keep the input from being sent. */
const storable = (text: string): string =>
  text.slice(0, 2000).replace(/[\p{Cs}\0]/gu, '\ufffd') || 'no reason was given';
