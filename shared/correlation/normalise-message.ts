import { normaliseFile } from './normalise-file.ts';

/** Longer messages say nothing more about which error it is, and bound the work of the patterns below. */
const MOST_CHARACTERS = 2_000;

/** Numbers that name a thing and stay what they are: encodings, digests, protocol versions, HTTP statuses. */
const TELLING_NUMBERS =
  /\b(?:status(?: code)?|http(?:\/\d(?:\.\d)?)?)[ :=]{1,2}[1-5]\d\d\b|\b(?:utf-(?:8|16|32)|sha-?(?:1|224|256|384|512)|iso-8859-\d{1,2}|base-?64|http\/\d(?:\.\d)?|tls ?v?1\.\d|ipv[46])\b/gi;

const PRIVATE_USE = 0xe000;
const hide = (text: string): string =>
  text.replace(/\d/g, (digit) => String.fromCharCode(PRIVATE_USE + Number.parseInt(digit, 10)));
const show = (text: string): string =>
  text.replace(/[\ue000-\ue009]/g, (hidden) => String(hidden.charCodeAt(0) - PRIVATE_USE));

const WEEKDAY = '(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}';
const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}';
const CLOCK = '\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?(?: ?[ap]m)?(?: ?(?:z|utc|gmt|[+-]\\d{2}:?\\d{2}))?';
const DAY = [
  `(?:${WEEKDAY},? )?\\d{1,2}[ -]${MONTH}[ -]\\d{2,4}`,
  `(?:${WEEKDAY},? )?${MONTH} \\d{1,2}(?:st|nd|rd|th)?(?:,? \\d{4})?`,
  '\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}',
  '\\d{1,2}[/.]\\d{1,2}[/.]\\d{4}',
].join('|');
const DATE = new RegExp(`\\b(?:(?:${DAY})(?:(?:t|,? )${CLOCK}(?: \\d{4})?)?|${CLOCK})(?![\\w])`, 'gi');

const UNITS =
  'nanoseconds?|microseconds?|milliseconds?|seconds?|minutes?|hours?|days?|weeks?|msecs?|secs?|mins?|hrs?|ms|µs|us|ns|s|m|h|d';
const DURATION = new RegExp(`(?<![\\w.])(?:\\d+(?:\\.\\d+)? ?(?:${UNITS})(?: ?(?=\\d)|(?![\\w])))+`, 'gi');

/** In order: what an earlier pattern took, a later one does not see. After getsentry's parameterization, with paths and versions added. */
const PATTERNS: [pattern: RegExp, becomes: string | ((found: string) => string)][] = [
  [/[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[A-Za-z]{2,24}\b/g, '<email>'],
  [/\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'<>)\]]+/gi, '<url>'],
  [
    /(?<![\w/\\.@-])(?:[A-Z]:|~|\/(?:home|app|usr|var|tmp|opt|srv|mnt|root|data|site|Users|workspace|builds?))[\\/][\w.@+~\\/-]+/g,
    (path) => `<path>${normaliseFile(path)}`,
  ],
  [/\b00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\b/gi, '<trace>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]\d)(?::\d{1,5}|\/\d{1,2})?/g, '<ip>'],
  [
    /(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}(?::?[0-9a-f]{1,4})(?![\w:])|(?<![\w:])(?:[0-9a-f]{1,4}:){0,6}:(?::?[0-9a-f]{1,4}){1,6}(?![\w:])/gi,
    '<ip>',
  ],
  [
    /\b(?:localhost|(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}(?:com|net|org|io|dev|local|internal|lan|cloud|edu|gov|eu|de|uk|dk|fr|nl|se|info|biz|test|example))(?::\d{1,5})?(?![\w.-]*\w\()\b/gi,
    '<host>',
  ],
  [/\b(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})\b/gi, '<hash>'],
  [DATE, '<date>'],
  [DURATION, '<duration>'],
  [/(?<![\w.])\d+(?:\.\d+)? ?(?:bytes?|[kmgt]i?b)\b/gi, '<size>'],
  [/\b0x[0-9a-f]+\b/gi, '<hex>'],
  [/\b(?=[a-f]{0,63}\d)(?=\d{0,63}[a-f])[0-9a-f]{7,64}\b/gi, '<hex>'],
  [/(["'`])[^"'`\n]{0,200}\d[^"'`\n]{0,200}\1/g, '<quoted>'],
  [/=(["'])[^"'\n]{0,200}\1/g, '=<quoted>'],
  [/=(?:true|false)\b/gi, '=<bool>'],
  [/(?<![\w.])v?\d+(?:\.\d+){2,5}(?:[-+][\w.]{1,40})?/gi, '<version>'],
  [/\b(?=[A-Za-z]{0,63}\d[A-Za-z0-9]{0,63}\d)(?=\d{0,63}[A-Za-z]\d{0,63}[A-Za-z])[A-Za-z0-9]{10,64}\b/g, '<id>'],
  [/(?<![A-Za-z0-9.])[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![A-Za-z0-9])/g, '<number>'],
  [/(?<![A-Za-z0-9.])[-+]?\d+\.\d+(?:e[-+]?\d+)?(?![A-Za-z0-9])/gi, '<number>'],
  [/(?<![A-Za-z0-9])[-+]?\d+(?:e[-+]?\d+)?(?![A-Za-z0-9])/gi, '<number>'],
  [/(?<=[A-Za-z])\d{4,}/g, '<number>'],
];

/**
 * The message without what differs from one occurrence to the next: the first two lines that say anything, with addresses, ids,
 * dates and numbers replaced by their kind. Two occurrences of one error give the same text.
 */
export function normaliseMessage(message: string): string {
  const lines = message
    .slice(0, MOST_CHARACTERS)
    .split(/[\r\n]+/)
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
  let text = lines.slice(0, 2).join('\n').replace(TELLING_NUMBERS, hide);
  for (const [pattern, becomes] of PATTERNS) {
    text = typeof becomes === 'string' ? text.replace(pattern, becomes) : text.replace(pattern, becomes);
  }
  return show(text);
}
