import { type Block, ErrorCode, type KnownBlock, LogLevel, WebClient } from '@slack/web-api';
import { type Message, type Messenger, type Posted, Unavailable } from '../../ports.ts';

export interface SlackConnection {
  token: string;
  /** Absent: Slack's own. */
  apiUrl?: string;
}

/** Slack's errors that pass by themselves; every other one stays until somebody changes something. */
const PASSING = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'ratelimited']);
/** Where Slack does not say how long to wait. */
const PATIENCE_MS = 30_000;

/** Slack's Web API. By default its client would try again for half an hour: waiting is done by messages scheduled for later. */
export function messenger({ token, apiUrl }: SlackConnection): Messenger {
  const client = new WebClient(token, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 10_000,
    logLevel: LogLevel.ERROR,
  });
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
    throw new Unavailable('Slack does not take messages now', { cause: error, retryAt: retryAtOf(error) });
  }
}

/** What the client throws, by its `code`. */
interface SlackError {
  code?: string;
  data?: { error?: string };
  statusCode?: number;
  retryAfter?: number;
}

function lastingRefusal(error: unknown): string | null {
  const { code, data, statusCode = 0 } = (error ?? {}) as SlackError;
  if (code === ErrorCode.PlatformError && data?.error !== undefined && !PASSING.has(data.error)) return data.error;
  if (code === ErrorCode.HTTPError && statusCode >= 400 && statusCode < 500 && statusCode !== 408)
    return `Slack answers ${statusCode}`;
  return null;
}

function retryAtOf(error: unknown): Date | undefined {
  const { code, retryAfter } = (error ?? {}) as SlackError;
  if (code !== ErrorCode.RateLimitedError) return undefined;
  return new Date(Date.now() + (retryAfter === undefined ? PATIENCE_MS : retryAfter * 1000));
}
