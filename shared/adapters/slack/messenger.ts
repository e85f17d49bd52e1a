import type { Block, KnownBlock } from '@slack/web-api';
import { type Message, type Messenger, type Posted, Unavailable } from '../../ports.ts';
import { lastingRefusal, unavailable } from './slack-errors.ts';
import { openSlack, type SlackConnection } from './web-client.ts';

const RESPOND_WITHIN_MS = 10_000;

/** What people are told by Slack. */
export function messenger({ token, apiUrl }: SlackConnection): Messenger {
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
    respond: (to, message) => respond(to, message),
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
  to: string,
  { text, blocks }: Message,
): Promise<{ posted: true } | { posted: false; because: string }> {
  const body = JSON.stringify({ response_type: 'ephemeral', replace_original: false, text, blocks });
  const headers = { 'content-type': 'application/json' };
  let answer: Response;
  try {
    answer = await fetch(to, {
      method: 'POST',
      headers,
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(RESPOND_WITHIN_MS),
    });
  } catch (error) {
    throw new Unavailable('Slack does not take an answer now', { cause: error });
  }
  await answer.body?.cancel();
  if (answer.ok) return { posted: true };
  if (answer.status === 429 || answer.status >= 500) throw new Unavailable(`Slack answers ${answer.status}`);
  return { posted: false, because: `Slack answers ${answer.status}` };
}
