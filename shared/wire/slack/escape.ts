/**
 * Outside text in Slack's mrkdwn, inside code as well. `&`, `<` and `>` are the only characters with power over mentions and links
 * (Slack: "Formatting text for app surfaces"); what a reader could be deceived with goes too: control characters, reversed writing, a
 * forged `@channel`, backticks (two of them make code of what stands between, our own links included), a quotation where none is.
 */
export function escapeText(text: string, most = 300): string {
  return entities(plainText(text, most).replaceAll('`', 'ˋ').replace(/^>/, '\u2060>'));
}

/** Outside text where Slack reads no marks at all (`plain_text`): one line of at most so many characters. */
export function plainText(text: string, most: number): string {
  const line = text
    .slice(0, 4 * most)
    // Directional overrides and invisible characters can make a line read as another one.
    .replace(/[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .trim()
    // A word joiner after the at sign: it reads the same and addresses nobody.
    .replace(/@(?=channel|here|everyone)/gi, '@\u2060');
  return line.length <= most ? line : `${line.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A link where the address is a web address, else its label alone. `label` is outside text. */
export function link(address: string | null | undefined, label: string): string {
  const url = webAddress(address);
  // A bar would end the address, and an entity would be shown as it is written.
  return url === null ? escapeText(label) : `<${url}|${escapeText(label).replaceAll('|', '¦')}>`;
}

const entities = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function webAddress(address: string | null | undefined): string | null {
  if (address === null || address === undefined || address.length > 2_000 || !URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  url.username = '';
  url.password = '';
  return url.href.replaceAll('|', '%7C').replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll('&', '&amp;');
}
