/** Names whose value is a secret, as they stand in messages, queries and connection strings. */
const SECRET =
  /\b((?:[\w-]{0,40}(?:password|passwd|pwd|secret|token|api[-_]?key|access[-_]?key|account[-_]?key|shared[-_]?access[-_]?key|signature|credential)|sig|authorization|cookie|session[-_]?id)["']?\s{0,3}[=:]\s{0,3})(?:(?:bearer|basic) +)?("[^"]*"?|'[^']*'?|[^\s;&,)}\]]+)/gi;

/** What opens something. */
const SECRETS: [RegExp, string][] = [
  [/\beyJ[\w-]{5,}(?:\.[\w-]*){0,2}/g, '<token>'],
  [/((?:^|[a-z][a-z0-9+.-]{1,15}:)\/\/)[^\s/@:]{1,100}(?::[^\s/@]{0,200})?@/gi, '$1'],
  [SECRET, '$1<secret>'],
  [/\b(bearer|basic) +[\w+/=.~-]{8,}/gi, '$1 <secret>'],
];

/** And what tells who somebody is. */
const RULES: [RegExp, string][] = [
  ...SECRETS,
  [/[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[A-Za-z]{2,24}\b/g, '<email>'],
  [/(?<![\w.-])(?:\d[ -]?){13,19}(?![\w.-])/g, '<number>'],
];

/** None of the rules finds anything in text without one of these; nearly all names of functions and files are such text. */
const SUSPECT = /[@=:]|eyJ|bearer |basic |(?:\d[ -]?){13}/i;

/** Control characters and halves of characters: neither tables nor Slack take them. */
const UNPRINTABLE = /(?![\t\n])\p{Cc}|[\ufffe\uffff]|\p{Surrogate}/gu;

/** Cut to so many UTF-16 code units, never through the middle of a character. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(most - 2)) ? most - 2 : most - 1;
  return `${text.slice(0, end)}…`;
}

/** Text of others without what must not be stored: secrets, tokens, addresses of people, card numbers. At most `most` characters. */
export function redact(text: string, most: number): string {
  // Cut twice: bounds the work of the patterns, and what they leave.
  let clean = text.slice(0, most * 4).replace(UNPRINTABLE, ' ');
  if (SUSPECT.test(clean)) for (const [pattern, becomes] of RULES) clean = clean.replace(pattern, becomes);
  return cut(clean, most);
}

/** The query of an address, with the slashes as JSON may have them: whatever its parts are called, one may be a signature. */
const QUERY = /(\bhttps?:(?:\\?\/){2}[^\s"'<>?#]{1,2000})\?[^\s"'<>]*/gi;

/** The text of a message of others as it may be shown: whole, without what opens something. */
export const withoutSecrets = (text: string): string =>
  [[QUERY, '$1?<not shown>'] as const, ...SECRETS].reduce(
    (clean, [pattern, becomes]) => clean.replace(pattern, becomes),
    text,
  );

/** A request's address without query and fragment: they hold what people typed. */
export const redactUrl = (url: string, most: number): string => redact(url.replace(/[?#].*$/s, ''), most);
