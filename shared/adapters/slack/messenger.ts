import type { Block, KnownBlock } from '@slack/web-api';
import type { Message, Messenger, Posted } from '../../ports.ts';
import { lastingRefusal, unavailable } from './slack-errors.ts';
import { openSlack, type SlackConnection } from './web-client.ts';

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
