import { LogLevel, WebClient } from '@slack/web-api';
import { type SlackConfig, startSlack } from '../../../infra/local/slack/slack.ts';

export interface StoredMessage {
  channel: string;
  ts: string;
  thread_ts?: string;
  user: string;
  text: string;
  blocks: unknown[];
  edits: number;
}

export interface RunningSlack {
  client: WebClient;
  page: string;
  messages(channel?: string): Promise<StoredMessage[]>;
  control(method: string, path: string, body?: object): Promise<Response>;
  /** A client with another token. */
  clientWith(token: string | undefined): WebClient;
  close(): Promise<void>;
}

const running: RunningSlack[] = [];

const users = [
  { id: 'U0ADA', name: 'ada', email: 'ada@example.com' },
  { id: 'U0GRACE', name: 'grace', email: 'grace@example.com' },
];

/** Starts a local Slack on a free port, with the real client for it. */
export async function runSlack(config: Partial<SlackConfig> = {}): Promise<RunningSlack> {
  const part = await startSlack({
    port: 0,
    token: 'xoxb-local',
    users,
    channels: ['deployments', 'errors'],
    ...config,
  });
  const { api, page } = part.addresses;
  const clientWith = (token: string | undefined): WebClient =>
    new WebClient(token, {
      slackApiUrl: api,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: 5_000,
      // Refusals are what these tests ask for; the client would tell each on the console.
      logger: { ...quiet },
    });
  const slack: RunningSlack = {
    client: clientWith('xoxb-local'),
    page,
    clientWith,
    control: (method, path, body) =>
      fetch(`${page}_control/${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) }),
    async messages(channel) {
      const answer = await fetch(`${page}_control/messages${channel ? `?channel=${encodeURIComponent(channel)}` : ''}`);
      return ((await answer.json()) as { messages: StoredMessage[] }).messages;
    },
    close: () => part.close(),
  };
  running.push(slack);
  return slack;
}

export async function closeSlacks(): Promise<void> {
  for (const slack of running.splice(0)) await slack.close();
}

const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};
