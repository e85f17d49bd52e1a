import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { canary } from '../../canaries.ts';
import type { Answer, RunningService } from '../service.ts';

/** Requests as Slack sends them, and the place where Slack takes answers. */

export const SECRET = canary('signing-secret');
export const FORMER_SECRET = canary('former-signing-secret');
export const TEAM = 'T0SHOP';
export const APP = 'A0WARMSWAP';

export interface Sending {
  secret?: string;
  /** Seconds off the true time. */
  off?: number;
  headers?: Record<string, string | null>;
  /** What is signed, where it is not what is sent. */
  signed?: string;
}

/** Posts a body as Slack does; a header that is null is left out. */
export async function post(
  { origin, answers }: Pick<RunningService, 'origin' | 'answers'>,
  path: string,
  body: string,
  sending: Sending = {},
): Promise<Answer> {
  const { secret = SECRET, off = 0, signed = body } = sending;
  const timestamp = String(Math.floor(Date.now() / 1_000) + off);
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${signed}`).digest('hex')}`;
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': signature,
    ...sending.headers,
  };
  const kept = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== null);
  const response = await fetch(`${origin}/slack/${path}`, {
    method: 'POST',
    headers: Object.fromEntries(kept),
    // As bytes: a text would be given a content type of its own where none is sent.
    body: new TextEncoder().encode(body),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  answers.hear(`POST /slack/${path}`, text, response.headers);
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

type Fields = Record<string, unknown>;

export const value = (more: Fields = {}): string =>
  JSON.stringify({
    lane: 'shop@production',
    deployment: '0mkabcdef-12345678',
    build: '81b13caf',
    shown: 'good',
    ...more,
  });

let clicks = 0;

/** A click on a button, as Slack's `block_actions`. */
export function click(responseUrl: string, action: Fields = {}, more: Fields = {}): Fields {
  clicks += 1;
  return {
    type: 'block_actions',
    team: { id: TEAM, domain: 'shop' },
    user: { id: 'U0ADA', username: 'ada', name: 'ada', team_id: TEAM },
    api_app_id: APP,
    token: 'deprecated',
    container: { type: 'message', message_ts: '1772442873.000100', channel_id: 'C0DEPLOY' },
    trigger_id: `1.2.${clicks}`,
    channel: { id: 'C0DEPLOY', name: 'deployments' },
    message: { ts: '1772442873.000100', blocks: [{ type: 'section', block_id: 'x' }] },
    response_url: responseUrl,
    actions: [
      {
        type: 'button',
        block_id: 'b',
        action_id: 'hold',
        action_ts: `1772442900.${clicks}`,
        value: value(),
        ...action,
      },
    ],
    ...more,
  };
}

export const payload = (of: unknown): string =>
  new URLSearchParams({ payload: typeof of === 'string' ? of : JSON.stringify(of) }).toString();

/** A typed command, as Slack sends it. */
export const slash = (responseUrl: string, text: string, more: Record<string, string> = {}): string => {
  clicks += 1;
  return new URLSearchParams({
    team_id: TEAM,
    team_domain: 'shop',
    channel_id: 'C0DEPLOY',
    channel_name: 'deployments',
    user_id: 'U0ADA',
    user_name: 'ada',
    command: '/warmswap',
    text,
    api_app_id: APP,
    response_url: responseUrl,
    trigger_id: `3.4.${clicks}`,
    ...more,
  }).toString();
};

export interface Addressee {
  /** Of the Web API, which here knows nobody. */
  apiUrl: string;
  responseUrl: string;
  /** What was told at the response address. */
  told: Record<string, unknown>[];
  close(): Promise<void>;
}

export async function startAddressee(): Promise<Addressee> {
  const told: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += String(chunk);
    });
    request.on('end', () => {
      const answered = request.url === '/respond';
      if (answered) told.push(JSON.parse(text) as Record<string, unknown>);
      response.setHeader('content-type', 'application/json');
      response.end(answered ? 'ok' : '{"ok":false,"error":"user_not_found"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    apiUrl: `${origin}/api`,
    responseUrl: `${origin}/respond`,
    told,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
