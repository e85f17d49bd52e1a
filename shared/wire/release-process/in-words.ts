import { type Html, html } from '../html.ts';

const UNITS = [
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
  ['millisecond', 1],
] as const;

/** A duration as people say it: `1 hour 30 minutes`. */
export function durationInWords(ms: number): string {
  const words: string[] = [];
  let rest = Math.round(ms);
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) words.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
  }
  return words.length === 0 ? 'no time' : words.join(' ');
}

export const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);

/** `a, b or c`. */
export function listed(items: readonly Html[], last: 'and' | 'or'): Html {
  const [only] = items;
  if (items.length <= 1) return only ?? html``;
  const tail = items.at(-1) ?? html``;
  const head = items.slice(0, -1).map((item, at) => (at === 0 ? item : html`, ${item}`));
  return html`${head} ${last} ${tail}`;
}

/** Outside text, told apart from ours. */
export const named = (text: string | number): Html => html`<b>${text}</b>`;
export const code = (text: string | number): Html => html`<code>${text}</code>`;
