import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningPart } from '../part.ts';
import { readCall, textArgument } from './call.ts';
import { answerControl } from './control.ts';
import { createDirectory, type User, type Usergroup } from './directory.ts';
import { createEphemeralStore } from './ephemeral-store.ts';
import { createFaults, type Fault, type Faults } from './faults.ts';
import { answerHook } from './hooks.ts';
import { type AppConfig, installedApp } from './installed-app.ts';
import { sendJson } from './json-body.ts';
import { openMessageStore } from './message-store.ts';
import { answerCall } from './methods.ts';
import { answerPage } from './page.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { createResponseUrls } from './response-urls.ts';
import type { Workspace } from './workspace.ts';

export interface SlackConfig extends AppConfig {
  /** 0 = a free port. */
  port: number;
  /** The one token that is valid. */
  token: string;
  /** Where messages are kept; without it they are gone at the end. */
  dataFile?: string;
  users?: User[];
  usergroups?: Usergroup[];
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

/**
 * Starts a local Slack: the Web API methods, response_urls, `/_control/…`, and a page on which people read the messages, press their
 * buttons and type commands, which reach the app as signed requests.
 */
export async function startSlack(config: SlackConfig): Promise<RunningPart<SlackAddresses>> {
  let origin = '';
  const app = installedApp(config);
  const slack: Slack = {
    workspace: {
      directory: createDirectory(config.channels, config.users ?? [], config.usergroups ?? [], config.botName ?? 'bot'),
      messages: openMessageStore(config.dataFile),
      ephemerals: createEphemeralStore(),
      app,
      responseUrls: createResponseUrls(() => origin, app.teamId, Date.now),
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
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
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
  if (/^\/(actions|commands)\//.test(url.pathname)) return answerResponseUrl(slack, url, request, response);
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
  sendJson(response, 200, answer);
}

/** Faults know it as the method `response_url`. */
async function answerResponseUrl(
  { workspace, faults }: Slack,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const fault = faults.take('response_url');
  if (fault && !fault.lost) return answerFault(fault, response);
  const { status, body } = await answerHook(workspace, url, request);
  if (fault?.lost) {
    response.socket?.destroy();
    return;
  }
  sendJson(response, status, body);
}

function answerFault(fault: Fault, response: ServerResponse): void {
  if (fault.down) {
    response.socket?.destroy();
    return;
  }
  if (fault.status === 429) {
    response.setHeader('retry-after', String(fault.retryAfterSeconds ?? 1));
    sendJson(response, 429, { ok: false, error: 'ratelimited' });
    return;
  }
  if (fault.status !== undefined && fault.status !== 200) {
    response.writeHead(fault.status, { 'content-type': 'text/plain' }).end('');
    return;
  }
  sendJson(response, 200, { ok: false, error: fault.error ?? 'fatal_error' });
}

/** Channels that came to be by their use are only known from their messages: each is named in its first save. */
function restoreChannels({ directory, messages }: Workspace): void {
  for (const name of new Set(messages.list().map((message) => message.channelName))) directory.findChannel(name);
}
