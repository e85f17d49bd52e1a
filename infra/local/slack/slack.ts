import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningPart } from '../part.ts';
import { readCall, textArgument } from './call.ts';
import { answerControl } from './control.ts';
import { createDirectory, type User } from './directory.ts';
import { createFaults, type Fault, type Faults } from './faults.ts';
import { openMessageStore } from './message-store.ts';
import { type Answer, answerCall, type Workspace } from './methods.ts';
import { answerPage } from './page.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';

export interface SlackConfig {
  /** 0 = a free port. */
  port: number;
  /** The one token that is valid. */
  token: string;
  /** Where messages are kept; without it they are gone at the end. */
  dataFile?: string;
  users?: User[];
  /** Channels that exist; without it any channel name is one. */
  channels?: string[];
  /** The name the app that owns the token is shown under. */
  botName?: string;
  /** Slack's rule of one message a second in a channel; off by default. */
  rateLimit?: boolean;
}

export interface SlackAddresses {
  api: string;
  page: string;
}

export interface Slack {
  workspace: Workspace;
  faults: Faults;
  rateLimit: RateLimit;
}

/** Starts a local Slack: the Web API methods, `/_control/…`, and a page that shows the messages. */
export async function startSlack(config: SlackConfig): Promise<RunningPart<SlackAddresses>> {
  const slack: Slack = {
    workspace: {
      directory: createDirectory(config.channels, config.users ?? [], config.botName ?? 'bot'),
      messages: openMessageStore(config.dataFile),
      token: config.token,
    },
    faults: createFaults(),
    rateLimit: createRateLimit(config.rateLimit ?? false),
  };
  restoreChannels(slack.workspace);
  const server = createServer((request, response) => {
    route(slack, request, response).catch((error: unknown) => {
      console.error('slack:', error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    addresses: { api: `${origin}/api/`, page: `${origin}/` },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function route(slack: Slack, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (url.pathname.startsWith('/api/')) return answerApi(slack, url, request, response);
  if (url.pathname.startsWith('/_control/')) return answerControl(slack, url, request, response);
  return answerPage(slack.workspace, url, request, response);
}

async function answerApi(slack: Slack, url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = await readCall(url.pathname.slice('/api/'.length), request, url);
  const fault = slack.faults.take(call.method);
  if (fault && !fault.lost) return answerFault(fault, response);
  if (call.method === 'chat.postMessage') {
    const seconds = slack.rateLimit.over(textArgument(call.args.channel) ?? '', Date.now());
    if (seconds !== undefined) return answerFault({ status: 429, retryAfterSeconds: seconds }, response);
  }
  const answer = answerCall(slack.workspace, call);
  if (fault?.lost) {
    response.socket?.destroy();
    return;
  }
  send(response, 200, answer);
}

function answerFault(fault: Fault, response: ServerResponse): void {
  if (fault.down) {
    response.socket?.destroy();
    return;
  }
  if (fault.status === 429) {
    response.setHeader('retry-after', String(fault.retryAfterSeconds ?? 1));
    send(response, 429, { ok: false, error: 'ratelimited' });
    return;
  }
  if (fault.status !== undefined && fault.status !== 200) {
    response.writeHead(fault.status, { 'content-type': 'text/plain' }).end('');
    return;
  }
  send(response, 200, { ok: false, error: fault.error ?? 'fatal_error' });
}

function send(response: ServerResponse, status: number, answer: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(answer));
}

/** Channels that came to be by their use are only known from their messages: each is named in its first save. */
function restoreChannels({ directory, messages }: Workspace): void {
  for (const name of new Set(messages.list().map((message) => message.channelName))) directory.findChannel(name);
}
