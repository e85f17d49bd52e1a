import { createHash } from 'node:crypto';
import type { Directory } from './directory.ts';
import type { Ephemeral } from './ephemeral-store.ts';
import type { Shortcut } from './installed-app.ts';
import type { Message } from './message-store.ts';
import { escapeHtml, mrkdwnToHtml } from './mrkdwn.ts';
import { renderBlocks } from './render-blocks.ts';

/** One message with its thread, ready to be put on the page; `hash` changes when anything of it does. */
export interface RenderedMessage {
  ts: string;
  hash: string;
  html: string;
}

/** Renders a channel's messages, oldest first, each with its replies; what is marked as ephemeral is one person's own. */
export function renderChannel(
  messages: (Message | Ephemeral)[],
  directory: Directory,
  shortcuts: Shortcut[],
): RenderedMessage[] {
  const replies = new Map<string, Message[]>();
  for (const message of messages) {
    if (message.thread_ts === undefined) continue;
    replies.set(message.thread_ts, [...(replies.get(message.thread_ts) ?? []), message]);
  }
  return messages
    .filter((message) => message.thread_ts === undefined || message.reply_broadcast)
    .map((message) => {
      const thread = renderThread(replies.get(message.ts) ?? [], directory, shortcuts);
      const html = renderMessage(message, directory, shortcuts) + thread;
      return { ts: message.ts, html, hash: createHash('sha256').update(html).digest('hex').slice(0, 16) };
    });
}

function renderThread(replies: Message[], directory: Directory, shortcuts: Shortcut[]): string {
  if (replies.length === 0) return '';
  const count = replies.length === 1 ? '1 reply' : `${replies.length} replies`;
  const inner = replies.map((reply) => renderMessage(reply, directory, shortcuts)).join('');
  return `<details class="thread" data-key="thread" open><summary>${count}</summary>${inner}</details>`;
}

function renderMessage(message: Message | Ephemeral, directory: Directory, shortcuts: Shortcut[]): string {
  const name = message.username ?? directory.nameOf(message.user);
  const isApp = message.user === directory.bot.id;
  const isEphemeral = 'to' in message;
  const time = new Date(Number(message.ts) * 1000);
  const clock = time.toLocaleTimeString('en-GB');
  const edited =
    message.edits > 0 ? ` <span class="edited" title="changed ${message.edits} times">(edited)</span>` : '';
  const nameOf = (id: string): string => directory.nameOf(id);
  // Blocks are what is shown; the text is then only for notifications.
  const body =
    message.blocks.length > 0
      ? renderBlocks(message.blocks, nameOf)
      : message.text === ''
        ? ''
        : `<div class="text">${mrkdwnToHtml(message.text, nameOf)}</div>`;
  const attachments = message.attachments.map((attachment) => renderAttachment(attachment, nameOf)).join('');
  return `<article class="message${isEphemeral ? ' ephemeral' : ''}" data-ts="${escapeHtml(message.ts)}" data-seen="${message.edits}">
<div class="avatar${isApp ? ' app' : ''}" style="--hue:${hueOf(name)}" aria-hidden="true">${escapeHtml([...name][0]?.toUpperCase() ?? '?')}</div>
<div class="body">${isEphemeral ? '<div class="only-you">Only visible to you</div>' : ''}<div class="who"><b>${escapeHtml(name)}</b>${isApp ? '<span class="badge">APP</span>' : ''}<time datetime="${time.toISOString()}" title="${time.toISOString()}">${clock}</time>${edited}</div>
${body}${attachments}</div>${isEphemeral ? '' : menuHtml(message, shortcuts)}</article>`;
}

function menuHtml({ ts }: Message, shortcuts: Shortcut[]): string {
  if (shortcuts.length === 0) return '';
  const items = shortcuts.map(
    ({ callbackId, name }) =>
      `<button type="button" role="menuitem" data-shortcut="${escapeHtml(callbackId)}">${escapeHtml(name)}</button>`,
  );
  return `<details class="more" data-key="more ${escapeHtml(ts)}"><summary aria-label="More actions">⋯</summary><div role="menu">${items.join('')}</div></details>`;
}

/** A colour that stays with a name. */
function hueOf(name: string): number {
  return [...name].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 360, 7);
}

function renderAttachment(attachment: unknown, nameOf: (id: string) => string): string {
  if (typeof attachment !== 'object' || attachment === null) return '';
  const { color, pretext, title, title_link, text, blocks, footer, fields, fallback } = attachment as Record<
    string,
    unknown
  >;
  const rich = (value: unknown): string => mrkdwnToHtml(String(value), nameOf);
  const parts: string[] = [];
  if (title)
    parts.push(`<div class="attachment-title">${title_link ? rich(`<${title_link}|${title}>`) : rich(title)}</div>`);
  if (text) parts.push(`<div class="text">${rich(text)}</div>`);
  if (Array.isArray(fields))
    parts.push(`<div class="fields">${fields.map((field) => renderField(field, rich)).join('')}</div>`);
  if (Array.isArray(blocks)) parts.push(renderBlocks(blocks, nameOf));
  if (parts.length === 0 && fallback) parts.push(`<div class="text">${escapeHtml(String(fallback))}</div>`);
  if (footer) parts.push(`<div class="context">${rich(footer)}</div>`);
  const before = pretext ? `<div class="text">${rich(pretext)}</div>` : '';
  return `${before}<div class="attachment" style="--bar:${barColour(color)}">${parts.join('')}</div>`;
}

function renderField(field: unknown, rich: (value: unknown) => string): string {
  const { title = '', value = '' } = (field ?? {}) as Record<string, unknown>;
  return `<div><b>${rich(title)}</b><br>${rich(value)}</div>`;
}

/** Slack's three named colours or a hex value; anything else is the default grey and never reaches the style. */
function barColour(color: unknown): string {
  const named: Record<string, string> = { good: '#2eb67d', warning: '#ecb22e', danger: '#e01e5a' };
  const text = String(color ?? '');
  if (/^#?[0-9a-f]{6}$/i.test(text)) return text.startsWith('#') ? text : `#${text}`;
  return named[text] ?? '#ddd';
}
