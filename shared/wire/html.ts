/** Markup that may be put into a page as it is: made by `html` alone, so that a text cannot be taken for it. */
export class Html {
  readonly #markup: string;
  constructor(markup: string) {
    this.#markup = markup;
  }
  toString(): string {
    return this.#markup;
  }
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};
/** Writing directions, which make a line read as another one; and what no page may hold. */
const DECEIVING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const UNPRINTABLE = /(?![\t\n])\p{Cc}|\p{Cs}/gu;

/** Outside text inside an element or a quoted attribute: it reads as it was written and is nothing but text. */
export const escapeHtml = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(DECEIVING, '')
    .replace(UNPRINTABLE, '\ufffd')
    .replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? character);

/**
 * A piece of a page: html`<td title="${a}">${b}</td>`. Every value is escaped unless `html` made it; lists are joined. In attributes it
 * stands between quotes. It is no place for an address somebody else gave (`javascript:`) nor for a script.
 */
export function html(parts: TemplateStringsArray, ...values: (string | number | Html | readonly Html[])[]): Html {
  const written = values.map((value) =>
    value instanceof Html ? String(value) : typeof value === 'object' ? value.join('') : escapeHtml(String(value)),
  );
  return new Html(parts.map((part, index) => part + (written[index] ?? '')).join(''));
}
