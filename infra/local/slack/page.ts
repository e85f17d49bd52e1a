import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { act, say } from './acts.ts';
import type { Channel, User } from './directory.ts';
import { readJson, sendJson } from './json-body.ts';
import { escapeHtml } from './mrkdwn.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';
import { type RenderedMessage, renderChannel } from './render-message.ts';
import type { Workspace } from './workspace.ts';

/**
 * The page a person looks at: `/` shows a channel's messages (`?channel=` by name or id, else the newest in use) as one user sees
 * them (`?as=` by id or name, else the first), and keeps itself up to date from `/messages`, which gives channels and rendered
 * messages as JSON. What the person does goes to `POST /acts/{press|shortcut|command|say}`, answered with `{warning}`.
 */
export async function answerPage(
  workspace: Workspace,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'POST' && url.pathname.startsWith('/acts/')) {
    return answerAct(workspace, url.pathname.slice('/acts/'.length), request, response);
  }
  request.resume();
  if (request.method !== 'GET' || (url.pathname !== '/' && url.pathname !== '/messages')) {
    response.writeHead(404).end();
    return;
  }
  const channels = channelsOf(workspace);
  const channel = chosen(workspace, channels, url.searchParams.get('channel'));
  const me = actingAs(workspace, url.searchParams.get('as'));
  const messages = channel ? messagesFor(workspace, channel, me) : [];
  if (url.pathname === '/messages') {
    response.setHeader('cache-control', 'no-store');
    sendJson(response, 200, { nav: channelsHtml(channels, channel, me), messages });
    return;
  }
  const nonce = randomUUID();
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    // Nothing from outside, and no script but the page's own: messages hold other people's text.
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  });
  response.end(pageHtml(workspace, { channels, channel, me, messages, nonce }));
}

interface Shown {
  channels: ChannelInUse[];
  channel: Channel | undefined;
  me: User | undefined;
  messages: RenderedMessage[];
  nonce: string;
}

function pageHtml({ directory, app }: Workspace, { channels, channel, me, messages, nonce }: Shown): string {
  const title = escapeHtml(titleOf(channel));
  const rendered = messages.map(
    ({ ts, hash, html }) => `<div class="entry" data-ts="${ts}" data-hash="${hash}">${html}</div>`,
  );
  const people = directory.users.map(({ id, name, realName = name }) => {
    const mark = id === me?.id ? ' selected' : '';
    return `<option value="${escapeHtml(id)}"${mark}>${escapeHtml(realName)}</option>`;
  });
  const hint = app.commands === null ? 'Message' : `Message, or ${app.commands.join(', ')} …`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${pageStyle}</style></head>
<body><nav id="channels">${channelsHtml(channels, channel, me)}</nav>
<main><header><h1>${title}</h1><span id="state" role="status"></span>
<label>acting as <select id="as" autocomplete="off">${people.join('')}</select></label></header>
<div id="messages" data-channel="${escapeHtml(channel?.id ?? '')}">${rendered.join('')}</div>
<p id="empty">Nothing has been posted here yet.</p>
<form id="composer"><p class="warning" role="alert" hidden></p><input name="text" aria-label="Message" placeholder="${escapeHtml(hint)}" autocomplete="off"${me ? '' : ' disabled'}>
<button type="submit" class="primary"${me ? '' : ' disabled'}>Send</button></form></main>
<script nonce="${nonce}">${pageScript}</script></body></html>`;
}

/** Another site's page may not act for the person: a browser names where a request comes from, and JSON it sends to nobody else unasked. */
async function answerAct(
  workspace: Workspace,
  what: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { origin, host } = request.headers;
  const body = await readJson(request);
  const isOwn = origin === undefined || origin === `http://${host}`;
  if (!isOwn || request.headers['content-type'] !== 'application/json' || body === undefined) {
    return sendJson(response, 403, { warning: 'Only this page may do that.' });
  }
  const done = what === 'say' ? say(workspace, body) : await act(workspace, what, body);
  if (done === undefined) return sendJson(response, 404, { warning: `There is no ${what}.` });
  sendJson(response, 200, { warning: 'error' in done ? done.error : 'warning' in done ? done.warning : null });
}

/** What one person sees of a channel, what is theirs alone among it, in the order of time. */
function messagesFor(
  { messages, ephemerals, directory, app }: Workspace,
  channel: Channel,
  me: User | undefined,
): RenderedMessage[] {
  const own = me === undefined ? [] : ephemerals.list(me.id, channel.id);
  const all = [...messages.list(channel.id), ...own].sort((a, b) => Number(a.ts) - Number(b.ts));
  return renderChannel(all, directory, app.shortcuts);
}

function actingAs({ directory }: Workspace, wanted: string | null): User | undefined {
  return directory.users.find(({ id, name }) => id === wanted || name === wanted) ?? directory.users[0];
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

function channelsHtml(channels: ChannelInUse[], current: Channel | undefined, me: User | undefined): string {
  const as = me === undefined ? '' : `&amp;as=${encodeURIComponent(me.id)}`;
  // By name, so that the list does not jump about while messages come in.
  const items = channels
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map((channel) => {
      const mark = channel.id === current?.id ? ' aria-current="page"' : '';
      const count = channel.count > 0 ? `<span class="count">${channel.count}</span>` : '';
      return `<a href="/?channel=${encodeURIComponent(channel.id)}${as}"${mark}>${escapeHtml(titleOf(channel))}${count}</a>`;
    });
  return `<h2>Local Slack</h2>${items.join('')}`;
}
