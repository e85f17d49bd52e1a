/** How much of an outside value is looked at before it is refused as a whole. */
export interface JsonLimits {
  /** Of the text, in UTF-8. */
  bytes: number;
  /** Objects and arrays within each other. */
  depth: number;
  /** Keys and items in all. */
  entries: number;
}

/** For a reader that picks fields by name and never walks what it did not ask for: only the length is judged. */
export const unwalked = (bytes: number): JsonLimits => ({
  bytes,
  depth: Number.POSITIVE_INFINITY,
  entries: Number.POSITIVE_INFINITY,
});

/** A Service Bus message is at most 256 KB on Standard; an HTTP body was capped while it was read. */
export const MESSAGE_LIMITS: JsonLimits = { bytes: 1_000_000, depth: 32, entries: 50_000 };

export type Json = { ok: true; value: unknown } | { ok: false; why: string };

/**
 * The value behind what a trigger hands over: text and bytes are parsed as JSON (a body may arrive parsed, as text, or as bytes,
 * depending on its sender's serialiser), anything else is taken as it is. Too long, too deep or too many entries is refused
 * before a schema walks it.
 */
export function readJson(raw: unknown, limits: JsonLimits = MESSAGE_LIMITS): Json {
  const parsed = parse(raw, limits);
  if (!parsed.ok || limits.depth === Number.POSITIVE_INFINITY) return parsed;
  const excess = excessOf(parsed.value, limits);
  return excess === null ? parsed : { ok: false, why: excess };
}

function parse(raw: unknown, limits: JsonLimits): Json {
  const text = textOf(raw);
  if (text === null) return { ok: true, value: raw };
  if (Buffer.byteLength(text) > limits.bytes) {
    return { ok: false, why: `the text is longer than ${limits.bytes} bytes: send less at once` };
  }
  if (text.trim() === '') return { ok: false, why: 'the body is empty: send one JSON value' };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    // The parser's own message quotes the text, which may hold a secret.
    return { ok: false, why: 'the text is not JSON (cut off, or another format): send one whole JSON value' };
  }
}

function textOf(raw: unknown): string | null {
  if (typeof raw === 'string') return withoutMark(raw);
  if (raw instanceof Uint8Array) {
    return withoutMark(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8'));
  }
  if (raw instanceof ArrayBuffer) return withoutMark(Buffer.from(raw).toString('utf8'));
  return null;
}

/** .NET senders put a byte order mark before the text; JSON.parse refuses it. */
const withoutMark = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

/** Level by level and not by recursion: the value may be deep enough to exhaust the stack. */
function excessOf(root: unknown, { depth, entries }: JsonLimits): string | null {
  let level: object[] = isNested(root) ? [root] : [];
  let count = 0;
  for (let deep = 1; level.length > 0; deep += 1) {
    if (deep > depth) return `nested deeper than ${depth} levels: flatten it`;
    const next: object[] = [];
    for (const node of level) {
      const values: unknown[] = Array.isArray(node) ? node : Object.values(node);
      count += values.length;
      if (count > entries) return `more than ${entries} keys and items: send less at once`;
      for (const value of values) if (isNested(value)) next.push(value);
    }
    level = next;
  }
  return null;
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** As much of a message as is kept of a dead letter, in characters. */
const MOST_KEPT = 450_000;

/**
 * The text of anything a trigger handed over, to be stored when it cannot be read. Never throws, however deep it is nested.
 */
export function textToKeep(raw: unknown, most = MOST_KEPT): { text: string; truncated: boolean } {
  const whole = textOf(raw) ?? written(raw, most);
  const text = whole.slice(0, most).replace(/[\p{Cs}\0]/gu, '\ufffd');
  return { text, truncated: whole.length > most };
}

function written(raw: unknown, most: number): string {
  try {
    return JSON.stringify(raw) ?? String(raw);
  } catch (cause) {
    return cause instanceof RangeError ? writtenFlat(raw, most) : '(not writable as JSON: circular or foreign)';
  }
}

/** What still has to be written: a value, or text that stands as it is. */
type ToWrite = { value: unknown } | { text: string };

/** What is nested too deep for JSON.stringify, without recursion; not much more of it than is asked for. */
function writtenFlat(raw: unknown, most: number): string {
  let text = '';
  const stack: ToWrite[] = [{ value: raw }];
  for (let next = stack.pop(); next !== undefined && text.length <= most; next = stack.pop()) {
    if ('text' in next) text += next.text;
    else if (!isNested(next.value)) text += JSON.stringify(next.value) ?? 'null';
    else for (const part of partsOf(next.value).reverse()) stack.push(part);
  }
  return text;
}

function partsOf(node: object): ToWrite[] {
  const list = Array.isArray(node);
  const parts = list
    ? node.flatMap((value, at): ToWrite[] => [...(at === 0 ? [] : [{ text: ',' }]), { value }])
    : Object.entries(node).flatMap(([key, value], at): ToWrite[] => [
        { text: `${at === 0 ? '' : ','}${JSON.stringify(key)}:` },
        { value },
      ]);
  return [{ text: list ? '[' : '{' }, ...parts, { text: list ? ']' : '}' }];
}
