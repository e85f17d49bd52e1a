import * as v from 'valibot';
import type { Command } from '../../lane/input.ts';
import type { Actor, LaneId } from '../../lane/words.ts';
import { type Decoded, decoded, decodeWith, refused } from '../decode.ts';
import { maybe, textUpTo } from '../words.ts';
import type { Sender, SlackClick } from './asked.ts';
import { type ButtonValue, decodeButtonValue, deploymentOfBlockId } from './button-value.ts';
import { decodeForm } from './form.ts';
import { responseUrl } from './response-url.ts';

/** What the reader of a click must know of the house. */
export interface House {
  lanes: readonly LaneId[];
  /** Which app of Slack's we are. */
  appId: string;
  /** Of the Web API; absent: Slack's own. */
  apiUrl: string | undefined;
}

export interface Interaction {
  from: Sender;
  asked: SlackClick;
}

const id = textUpTo(100);
const stamp = v.pipe(v.string(), v.regex(/^\d{1,12}\.\d{1,9}$/, 'must be a time stamp of Slack'));

const user = v.object({ id, name: maybe(textUpTo(200)), username: maybe(textUpTo(200)), team_id: maybe(id) });

const shape = (apiUrl: string | undefined) => {
  const common = { team: v.object({ id }), user, api_app_id: maybe(id), response_url: responseUrl(apiUrl) };
  return v.variant('type', [
    v.object({
      ...common,
      type: v.literal('block_actions'),
      api_app_id: id,
      container: v.object({ message_ts: stamp }),
      actions: v.strictTuple([
        v.object({ action_id: textUpTo(255), action_ts: stamp, value: maybe(v.pipe(v.string(), v.maxLength(2_000))) }),
      ]),
    }),
    v.object({
      ...common,
      type: v.literal('message_action'),
      callback_id: textUpTo(255),
      message_ts: stamp,
      action_ts: stamp,
      message: v.object({
        app_id: maybe(id),
        blocks: maybe(v.array(v.object({ block_id: maybe(v.string()) }))),
      }),
    }),
  ]);
};

type Payload = v.InferOutput<ReturnType<typeof shape>>;
type Clicked = Extract<Payload, { type: 'block_actions' }>;
type Shortcut = Extract<Payload, { type: 'message_action' }>;

/**
 * Reads a click on a button, or a shortcut used on a message (Slack: `block_actions` and `message_action`, JSON in the field
 * `payload`). Refused is what Slack would not send for our messages; what a person may well have done is a refusal to tell them.
 */
export function decodeInteraction(raw: Uint8Array, house: House): Decoded<Interaction> {
  const form = decodeForm(raw);
  if (!form.ok) return form;
  const { payload } = form.value;
  if (payload === undefined) return refused('payload: is missing');
  const read = decodeWith(shape(house.apiUrl), payload);
  if (!read.ok) return refused(`payload: ${read.why}`);
  const { team, user, api_app_id: app = null } = read.value;
  const from = { team: team.id, userTeam: user.team_id ?? null, app };
  return decoded({
    from,
    asked: read.value.type === 'block_actions' ? click(read.value, house) : shortcut(read.value, house),
  });
}

function click(payload: Clicked, house: House): SlackClick {
  const { actions, container, response_url: replyTo, user } = payload;
  const { action_id: action, action_ts, value } = actions[0];
  const seen = decodeButtonValue(value ?? '');
  const command = seen.ok ? commandOf(action, seen.value) : null;
  if (!seen.ok || command === null)
    return {
      kind: 'refusal',
      replyTo,
      text: 'Nothing was done: this button is not known any more. Use a newer message.',
    };
  const { lane } = seen.value;
  if (!house.lanes.includes(lane)) return unknownLane(lane, replyTo);
  const key = [container.message_ts, action_ts, user.id, action].join(' ');
  return { kind: 'command', lane, command, by: actorOf(user), replyTo, key };
}

function shortcut(payload: Shortcut, house: House): SlackClick {
  const { message, message_ts, action_ts, callback_id: callback, response_url: replyTo, user } = payload;
  // Another app's message may be made to look like one of ours.
  const foreign = message.app_id !== undefined && message.app_id !== house.appId;
  const about = foreign ? null : deploymentOfBlockId(message.blocks?.[0]?.block_id);
  if (about === null)
    return { kind: 'refusal', replyTo, text: 'Nothing was done: this message is not about a deployment.' };
  if (!house.lanes.includes(about.lane)) return unknownLane(about.lane, replyTo);
  const command = callback === 'roll-back' || callback === 'hold' ? commandOf(callback, { ...about, shown: '' }) : null;
  if (command === null) return { kind: 'refusal', replyTo, text: 'Nothing was done: this shortcut is not known.' };
  const key = [message_ts, action_ts, user.id, `shortcut ${callback}`].join(' ');
  return { kind: 'command', lane: about.lane, command, by: actorOf(user), replyTo, key };
}

/** Null for an action that is not known, or that needs what the value does not name. */
function commandOf(action: string, { deployment, build, shown }: ButtonValue): Command | null {
  const reason = shown === '' ? 'in Slack' : `in Slack, shown: ${shown}`;
  switch (action) {
    case 'approve':
      return deployment === null || build === null ? null : { type: 'approve', deployment, build };
    case 'reject':
      return deployment === null || build === null ? null : { type: 'reject', deployment, build, reason };
    case 'roll-back':
      return build === null ? null : { type: 'roll-back', sawLive: build, reason };
    case 'keep':
      return deployment === null || build === null ? null : { type: 'end-watch', deployment, sawLive: build };
    case 'hold':
      return { type: 'hold', reason };
    case 'release':
      return { type: 'release' };
    default:
      return null;
  }
}

const unknownLane = (lane: LaneId, replyTo: string): SlackClick => ({
  kind: 'refusal',
  replyTo,
  text: `Nothing was done: ${lane} is not deployed from here any more.`,
});

const actorOf = ({ id, name, username }: v.InferOutput<typeof user>): Actor => ({
  name: username ?? name ?? id,
  slackId: id,
});
