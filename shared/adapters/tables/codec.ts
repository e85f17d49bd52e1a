/** Our words as JSON text and back. The one thing JSON loses that our words have is the Date: it is written `{"$date": iso}`. */

/** The text of a value made of plain objects, arrays, texts, numbers, booleans, null and valid dates. Undefined properties are left out. */
export function encode(value: unknown): string {
  return JSON.stringify(written(value)).replace(SEPARATOR, (found) => (found === '\u2028' ? '\\u2028' : '\\u2029'));
}

/** JSON leaves them as they are; a reader of transactions that takes them for the end of a line refuses the whole transaction. */
const SEPARATOR = /[\u2028\u2029]/g;

/** The value `encode` made the text of. */
export function decode<Value>(text: string): Value {
  return read(JSON.parse(text)) as Value;
}

/** Keys of ours may not be mistaken for the mark of a date: a leading `$` is doubled. */
const escaped = (key: string): string => (key.startsWith('$') ? `$${key}` : key);
const unescaped = (key: string): string => (key.startsWith('$$') ? key.slice(1) : key);

/** Most parts hold neither dates nor such keys: they are passed on as they are, and only the others are made anew. */
function written(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`${value} cannot be stored`);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return { $date: value.toISOString() };
  if (Array.isArray(value)) {
    const items = value.map(written);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const entries = Object.entries(value);
  const items = entries.map(([, item]) => written(item));
  if (entries.every(([key, item], index) => items[index] === item && !key.startsWith('$'))) return value;
  return Object.fromEntries(entries.map(([key], index) => [escaped(key), items[index]]));
}

/** Changes what JSON.parse made, in place. */
function read(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) if (typeof item === 'object') value[index] = read(item);
    return value;
  }
  if ('$date' in value && typeof value.$date === 'string') return new Date(value.$date);
  const properties = value as Record<string, unknown>;
  let marked = false;
  for (const key of Object.keys(properties)) {
    const item = properties[key];
    if (typeof item === 'object') properties[key] = read(item);
    marked ||= key.startsWith('$$');
  }
  if (!marked) return value;
  return Object.fromEntries(Object.entries(properties).map(([key, item]) => [unescaped(key), item]));
}
