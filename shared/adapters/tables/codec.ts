/** Our words as JSON text and back. The one thing JSON loses that our words have is the Date: it is written `{"$date": iso}`. */

/** The text of a value made of plain objects, arrays, texts, numbers, booleans, null and valid dates. Undefined properties are left out. */
export function encode(value: unknown): string {
  return JSON.stringify(written(value));
}

/** The value `encode` made the text of. */
export function decode<Value>(text: string): Value {
  return read(JSON.parse(text)) as Value;
}

/** Keys of ours may not be mistaken for the mark of a date: a leading `$` is doubled. */
const escaped = (key: string): string => (key.startsWith('$') ? `$${key}` : key);
const unescaped = (key: string): string => (key.startsWith('$$') ? key.slice(1) : key);

function written(value: unknown): unknown {
  if (value instanceof Date) return { $date: value.toISOString() };
  if (Array.isArray(value)) return value.map(written);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`${value} cannot be stored`);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [escaped(key), written(item)]));
}

function read(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(read);
  if (typeof value !== 'object' || value === null) return value;
  if ('$date' in value && typeof value.$date === 'string') return new Date(value.$date);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [unescaped(key), read(item)]));
}
