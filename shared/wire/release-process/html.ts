/** Text that may stand in a page as it is. */
export interface Html {
  readonly html: string;
}

/** What changes the direction of text, or cannot be seen. */
const UNSEEN = /[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string =>
  text.replace(UNSEEN, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

type Part = string | number | Html | readonly Html[];

/** A piece of a page: what is put in is escaped, unless it is such a piece itself. */
export function html(texts: TemplateStringsArray, ...parts: Part[]): Html {
  const whole = texts.map((text, at) => (at === 0 ? text : written(parts[at - 1] ?? '') + text));
  return { html: whole.join('') };
}

function written(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'html' in part ? part.html : part.map((one) => one.html).join('');
}
