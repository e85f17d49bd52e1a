import type { IncomingMessage } from 'node:http';
import type { Block, KnownBlock } from '@slack/web-api';
import { type Message, type Messenger, type Posted, Unavailable } from '../../ports.ts';
import { guardedRequest } from '../http/guarded-request.ts';
import { ForbiddenAddress, type Network } from '../http/public-network.ts';
import { lastingRefusal, unavailable } from './slack-errors.ts';
import { openSlack, type SlackConnection } from './web-client.ts';

const RESPOND_WITHIN_MS = 10_000;

/** What people are told by Slack. `network`: where an answer to a click or a command may be sent. */
export function messenger({ token, apiUrl }: SlackConnection, network: Network): Messenger {
  const client = openSlack({ token, ...(apiUrl === undefined ? {} : { apiUrl }) });
  const content = ({ text, blocks }: Message) => ({
    text,
    // What our renderers make; its schema is Slack's, and a block Slack refuses comes back as an answer.
    blocks: blocks as (KnownBlock | Block)[],
    unfurl_links: false,
    unfurl_media: false,
  });
  return {
    post: (channel, message, thread) => {
      const inThread = thread === undefined ? {} : { thread_ts: thread };
      return posted(() => client.chat.postMessage({ channel, ...content(message), ...inThread }));
    },
    update: (channel, ts, message) => {
      const { text, blocks } = content(message);
      return posted(() => client.chat.update({ channel, ts, text, blocks }));
    },
    respond: (to, message) => respond(network, to, message),
  };
}

async function posted(call: () => Promise<{ ts?: string; channel?: string }>): Promise<Posted> {
  try {
    const { ts, channel } = await call();
    if (ts === undefined || channel === undefined) return { posted: false, because: 'Slack answered without a place' };
    return { posted: true, channel, ts };
  } catch (error) {
    const refused = lastingRefusal(error);
    if (refused !== null) return { posted: false, because: refused };
    throw unavailable('Slack does not take messages now', error);
  }
}

/** A response address is good for half an hour and five answers; afterwards it is gone, and that is no fault. */
async function respond(
  network: Network,
  to: string,
  { text, blocks }: Message,
): Promise<{ posted: true } | { posted: false; because: string }> {
  const body = JSON.stringify({ response_type: 'ephemeral', replace_original: false, text, blocks });
  const headers = { 'content-type': 'application/json' };
  if (!URL.canParse(to)) return { posted: false, because: 'the address to answer at is no URL' };
  let answer: IncomingMessage;
  try {
    const signal = AbortSignal.timeout(RESPOND_WITHIN_MS);
    answer = await guardedRequest(network, { method: 'POST', url: new URL(to), headers, body, signal });
  } catch (error) {
    if (error instanceof ForbiddenAddress) return { posted: false, because: error.message };
    throw new Unavailable('Slack does not take an answer now', { cause: error });
  }
  answer.destroy();
  const { statusCode: status = 0 } = answer;
  if (status >= 200 && status < 300) return { posted: true };
  if (status === 429 || status >= 500) throw new Unavailable(`Slack answers ${status}`);
  return { posted: false, because: `Slack answers ${status}` };
}
