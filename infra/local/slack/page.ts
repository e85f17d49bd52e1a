import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Channel } from './directory.ts';
import type { Workspace } from './methods.ts';
import { escapeHtml } from './mrkdwn.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';
import { renderChannel } from './render-message.ts';

/**
 * The page a person looks at: `/` shows a channel's messages (`?channel=` by name or id, else the newest in use) and
 * keeps itself up to date from `/messages`, which gives channels and rendered messages as JSON.
 */
export async function answerPage(
  workspace: Workspace,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.resume();
  if (request.method !== 'GET' || (url.pathname !== '/' && url.pathname !== '/messages')) {
    response.writeHead(404).end();
    return;
  }
  const channels = channelsOf(workspace);
  const channel = chosen(workspace, channels, url.searchParams.get('channel'));
  const messages = channel ? renderChannel(workspace.messages.list(channel.id), workspace.directory) : [];
  if (url.pathname === '/messages') {
    const nav = channelsHtml(channels, channel);
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
    response.end(JSON.stringify({ nav, messages }));
    return;
  }
  const rendered = messages.map(
    ({ ts, hash, html }) => `<div class="entry" data-ts="${ts}" data-hash="${hash}">${html}</div>`,
  );
  const nonce = randomUUID();
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    // Nothing from outside, and no script but the page's own: messages hold other people's text.
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'`,
  });
  response.end(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(titleOf(channel))}</title><style>${pageStyle}</style></head>
<body><nav id="channels">${channelsHtml(channels, channel)}</nav>
<main><header><h1>${escapeHtml(titleOf(channel))}</h1><span id="state" role="status"></span></header>
<div id="messages" data-channel="${escapeHtml(channel?.id ?? '')}">${rendered.join('')}</div>
<p id="empty">Nothing has been posted here yet.</p></main>
<script nonce="${nonce}">${pageScript}</script></body></html>`);
}

type ChannelInUse = Channel & { count: number; last: number };

/** Channels in the order of their newest message, those without any at the end. */
function channelsOf({ directory, messages }: Workspace): ChannelInUse[] {
  const all = directory.channels().map((channel) => {
    const list = messages.list(channel.id);
    return { ...channel, count: list.length, last: Number(list.at(-1)?.ts ?? 0) };
  });
  return all.filter((channel) => channel.count > 0 || !channel.name.startsWith('@')).sort((a, b) => b.last - a.last);
}

function chosen({ directory }: Workspace, channels: Channel[], wanted: string | null): Channel | undefined {
  if (wanted === null || wanted === '') return channels[0];
  const name = wanted.replace(/^#/, '');
  return directory.channelById(wanted) ?? channels.find((channel) => channel.name === name);
}

const titleOf = (channel: Channel | undefined): string =>
  channel === undefined ? 'Slack' : channel.name.startsWith('@') ? channel.name : `#${channel.name}`;

function channelsHtml(channels: ChannelInUse[], current: Channel | undefined): string {
  // By name, so that the list does not jump about while messages come in.
  const items = channels
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map((channel) => {
      const mark = channel.id === current?.id ? ' aria-current="page"' : '';
      const count = channel.count > 0 ? `<span class="count">${channel.count}</span>` : '';
      return `<a href="/?channel=${encodeURIComponent(channel.id)}"${mark}>${escapeHtml(titleOf(channel))}${count}</a>`;
    });
  return `<h2>Local Slack</h2>${items.join('')}`;
}
