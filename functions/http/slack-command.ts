import type { HttpResponseInit, InvocationContext } from '@azure/functions';
import { assertNever } from '../../shared/lane/words.ts';
import { type Message, type Ports, Unavailable } from '../../shared/ports.ts';
import type { SlackCommand, SlackTyped, SlackWish } from '../../shared/wire/slack/asked.ts';
import { commandNow } from '../../shared/wire/slack/command-now.ts';
import { renderTold } from '../../shared/wire/slack/render-answer.ts';
import { decodeSlash } from '../../shared/wire/slack/slash.ts';
import { faultOf, logOf } from '../log.ts';
import { fromSlack } from './from-slack.ts';
import { json } from './problem.ts';
import { sendFromSlack } from './slack-input.ts';
import { answerQuestion } from './slack-question.ts';

/** `/warmswap …`. The answer is shown to the asker alone; what became of a command follows when the lane has decided. */
export const slackCommand = fromSlack<SlackTyped>({
  decode: (raw, { ports, apiUrl }) => decodeSlash(raw, { lanes: knownLanes(ports), apiUrl }),

  async answer(asked, { ports }, context) {
    try {
      return toAsker(await answerTo(asked, ports, context));
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      // A person reads this, and Slack shows only what came with status 200.
      logOf(context).error('slack', faultOf(error));
      return toAsker(renderTold('Nothing was done: something this needs does not answer now. Try again in a moment.'));
    }
  },
});

const toAsker = (message: Message): HttpResponseInit => json({ response_type: 'ephemeral', ...message });

async function answerTo(asked: SlackTyped, ports: Ports, context: InvocationContext): Promise<Message> {
  switch (asked.kind) {
    case 'refusal':
      return renderTold(asked.text);
    case 'question':
      return answerQuestion(ports, asked);
    case 'command':
      return taken(asked, `${asked.command.type} ${asked.lane}`, ports, context);
    case 'needs-lane-state':
      return wished(asked, ports, context);
    default:
      return assertNever(asked);
  }
}

async function wished(asked: SlackWish, ports: Ports, context: InvocationContext): Promise<Message> {
  const { lane } = await ports.lanes.load(asked.lane);
  const now = commandNow(asked, lane);
  if (!now.ok) return renderTold(`Nothing was done: ${now.why}.`);
  const { lane: id, by, replyTo, key } = asked;
  return taken({ kind: 'command', lane: id, command: now.command, by, replyTo, key }, now.says, ports, context);
}

async function taken(asked: SlackCommand, says: string, ports: Ports, context: InvocationContext): Promise<Message> {
  const input = await sendFromSlack(ports, asked);
  logOf(context).info('slack', { lane: asked.lane, input, asked: asked.command.type });
  return renderTold(`Asked: ${says}. What becomes of it follows here.`);
}

const knownLanes = ({ apps }: Ports) =>
  apps.lanes().map((id) => ({ id, channel: apps.policy(id).slack?.channel ?? null }));
