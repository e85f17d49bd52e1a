import * as v from 'valibot';
import { type Decoded, decoded, decodeWith } from '../decode.ts';
import { textUpTo } from '../words.ts';
import type { Sender, SlackTyped } from './asked.ts';
import { decodeForm } from './form.ts';
import { type KnownLane, lanesMeant, oneLaneMeant } from './lane-named.ts';
import { responseUrl } from './response-url.ts';
import { usage } from './usage.ts';

/** What the reader of a typed command must know of the house. */
export interface House {
  lanes: readonly KnownLane[];
  /** Of the Web API; absent: Slack's own. */
  apiUrl: string | undefined;
}

export interface Typed {
  from: Sender;
  asked: SlackTyped;
}

const id = textUpTo(100);

const shape = (apiUrl: string | undefined) =>
  v.object({
    team_id: id,
    api_app_id: id,
    user_id: id,
    user_name: v.optional(textUpTo(200)),
    channel_id: id,
    channel_name: v.optional(v.string(), ''),
    command: textUpTo(100),
    text: v.optional(v.pipe(v.string(), v.maxLength(3_000, 'must be at most 3000 characters')), ''),
    trigger_id: textUpTo(300),
    response_url: responseUrl(apiUrl),
  });

type Fields = v.InferOutput<ReturnType<typeof shape>>;

/** Reads `/warmswap …` as Slack sends it: form fields, the text with `&`, `<` and `>` as entities. */
export function decodeSlash(raw: Uint8Array, house: House): Decoded<Typed> {
  const form = decodeForm(raw);
  if (!form.ok) return form;
  const read = decodeWith(shape(house.apiUrl), form.value);
  if (!read.ok) return read;
  const { team_id: team, api_app_id: app } = read.value;
  return decoded({ from: { team, userTeam: null, app }, asked: asked(read.value, house) });
}

function asked(fields: Fields, { lanes }: House): SlackTyped {
  const { command, user_id, user_name, response_url: replyTo, trigger_id: key } = fields;
  const [verb = '', named, ...rest] = plain(fields.text).split(/\s+/);
  const words = rest.join(' ');
  const refusal = (text: string): SlackTyped => ({ kind: 'refusal', text, replyTo });
  const channel = { id: fields.channel_id, name: fields.channel_name };
  const about = { by: { name: user_name ?? user_id, slackId: user_id }, replyTo, key };
  switch (verb.toLowerCase()) {
    case '':
    case 'help':
      return refusal(usage(command));
    case 'status':
    case 'history':
    case 'who-is-live': {
      const meant = lanesMeant(named, lanes, channel);
      if ('why' in meant) return refusal(meant.why);
      return {
        kind: 'question',
        question: verb.toLowerCase() as 'status' | 'history' | 'who-is-live',
        lanes: meant.lanes,
      };
    }
    case 'approve':
    case 'reject':
    case 'rollback':
    case 'roll-back': {
      const meant = oneLaneMeant(named, lanes, channel);
      if ('why' in meant) return refusal(meant.why);
      const wish = verb.toLowerCase().startsWith('roll') ? 'roll-back' : (verb.toLowerCase() as 'approve' | 'reject');
      return { kind: 'needs-lane-state', lane: meant.lane, wish, words, ...about };
    }
    case 'hold': {
      const meant = oneLaneMeant(named, lanes, channel);
      if ('why' in meant) return refusal(meant.why);
      const reason = words === '' ? 'in Slack' : words.slice(0, 2_000);
      return { kind: 'command', lane: meant.lane, command: { type: 'hold', reason }, ...about };
    }
    case 'release': {
      const meant = oneLaneMeant(named, lanes, channel);
      if ('why' in meant) return refusal(meant.why);
      return { kind: 'command', lane: meant.lane, command: { type: 'release' }, ...about };
    }
    default:
      return refusal(`Nothing was done: there is no ${command} ${verb}.\n${usage(command)}`);
  }
}

/** As the person typed it; what no table or message could hold is left out. */
const plain = (text: string): string =>
  text
    .replace(/&(amp|lt|gt);/g, (_, name: string) => (name === 'amp' ? '&' : name === 'lt' ? '<' : '>'))
    .replace(/[\p{Cs}\0]/gu, '')
    .trim();
