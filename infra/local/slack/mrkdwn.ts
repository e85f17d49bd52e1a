const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Makes outside text harmless inside HTML, in text and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities[char] ?? char);
}

/** Slack's three escapes back to characters, once. */
function unescapeSlack(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (_whole, name: string) => (name === 'amp' ? '&' : name === 'lt' ? '<' : '>'));
}

const emoji: Record<string, string> = {
  rocket: '🚀',
  white_check_mark: '✅',
  heavy_check_mark: '✔️',
  x: '❌',
  warning: '⚠️',
  rotating_light: '🚨',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  eyes: '👀',
  fire: '🔥',
  tada: '🎉',
  bug: '🐛',
  rewind: '⏪',
  arrows_counterclockwise: '🔄',
  leftwards_arrow_with_hook: '↩️',
  raised_hand: '✋',
  no_entry: '⛔',
  lock: '🔒',
  large_green_circle: '🟢',
  large_yellow_circle: '🟡',
  red_circle: '🔴',
  white_circle: '⚪',
  question: '❓',
  information_source: 'ℹ️',
  package: '📦',
  link: '🔗',
  memo: '📝',
  robot_face: '🤖',
  bust_in_silhouette: '👤',
};

/** Text as HTML with emoji names shown as pictures, nothing else. */
export function plainToHtml(text: string): string {
  return withEmoji(escapeHtml(unescapeSlack(text))).replaceAll('\n', '<br>');
}

function withEmoji(html: string): string {
  return html.replace(/:([a-z0-9_+-]+):/g, (whole, name: string) => emoji[name] ?? whole);
}

/** Marks for what is already HTML while the rest is formatted; taken out of outside text first. */
const open = '\uE000';
const shut = '\uE001';

/**
 * Slack's mrkdwn as HTML: `*bold*`, `_italic_`, `~strike~`, `` `code` ``, fenced code, quotes, `<url|text>`, bare
 * addresses (unless the text is `verbatim`), mentions, emoji names. Everything else is text and comes out escaped.
 *
 * @param nameOf the name of a user by id, for `<@U…>`
 */
export function mrkdwnToHtml(text: string, nameOf: (userId: string) => string, verbatim = false): string {
  const kept: string[] = [];
  const keep = (html: string): string => `${open}${kept.push(html) - 1}${shut}`;
  const marked = text
    .replace(/[\uE000\uE001]/g, '')
    .replace(/```\n?([\s\S]+?)\n?```/g, (_whole, code: string) => keep(`<pre>${codeHtml(code)}</pre>`))
    .replace(/`([^`\n]+)`/g, (_whole, code: string) => keep(`<code>${codeHtml(code)}</code>`))
    .replace(/<([^<>\n]+)>/g, (_whole, inner: string) => keep(controlHtml(inner, nameOf)))
    .replace(/\bhttps?:\/\/[^\s<>|\uE000]+[^\s<>|\uE000.,;:!?)'"*_~]/g, (url) =>
      verbatim ? url : keep(linkHtml(url, url)),
    );
  const lines = escapeHtml(unescapeSlack(marked)).split('\n').map(formatLine);
  const joined = joinLines(lines);
  return joined.replace(/\uE000(\d+)\uE001/g, (_whole, index: string) => kept[Number(index)] ?? '');
}

const codeHtml = (code: string): string =>
  escapeHtml(
    unescapeSlack(
      code.replace(/<([^<>|\n]+)(?:\|([^<>\n]*))?>/g, (_whole, url: string, label?: string) => label ?? url),
    ),
  );

/** What stands between `<` and `>`: a link, a mention, a channel, a broadcast, a date. */
function controlHtml(inner: string, nameOf: (userId: string) => string): string {
  const bar = inner.indexOf('|');
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? undefined : inner.slice(bar + 1);
  if (target.startsWith('@')) return mention(`@${nameOf(target.slice(1))}`);
  if (target.startsWith('#')) return mention(`#${label || target.slice(1)}`);
  if (target.startsWith('!date')) return escapeHtml(unescapeSlack(label ?? ''));
  if (target.startsWith('!')) return mention(`@${label ?? target.slice(1)}`);
  return linkHtml(target, label ?? target);
}

const mention = (text: string): string => `<span class="mention">${escapeHtml(unescapeSlack(text))}</span>`;

/** Only web and mail addresses become links: a `javascript:` address stays text. */
function linkHtml(url: string, label: string): string {
  const shown = withEmoji(escapeHtml(unescapeSlack(label)));
  const target = unescapeSlack(url);
  if (!/^(https?:\/\/|mailto:)/i.test(target)) return shown;
  return `<a href="${escapeHtml(target)}" target="_blank" rel="noopener noreferrer">${shown}</a>`;
}

/** Formats one escaped line. A sign opens only at a word's beginning and closes only at a word's end. */
function formatLine(line: string): { html: string; quote: boolean } {
  const quote = /^&gt;\s?/.exec(line);
  let html = quote ? line.slice(quote[0].length) : line;
  for (const [sign, tag] of [
    ['\\*', 'strong'],
    ['_', 'em'],
    ['~', 'del'],
  ] as const) {
    const pattern = new RegExp(
      `(^|[^\\p{L}\\p{N}${sign}])${sign}(?=\\S)([^${sign}]*[^\\s${sign}])${sign}(?![\\p{L}\\p{N}${sign}])`,
      'gu',
    );
    html = html.replace(pattern, `$1<${tag}>$2</${tag}>`);
  }
  return { html: withEmoji(html), quote: quote !== null };
}

function joinLines(lines: { html: string; quote: boolean }[]): string {
  let html = '';
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1];
    if (line.quote && !before?.quote) html += '<blockquote>';
    else if (!line.quote && before?.quote) html += '</blockquote>';
    else if (before) html += '<br>';
    html += line.html;
    if (line.quote && index === lines.length - 1) html += '</blockquote>';
  }
  return html;
}
