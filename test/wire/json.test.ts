import { expect, test } from 'vitest';
import { textToKeep } from '../../shared/wire/json.ts';

test.each([
  ['text', 'hello', 'hello'],
  ['bytes', Buffer.from('{"a":1}'), '{"a":1}'],
  ['an object', { a: 1 }, '{"a":1}'],
  ['nothing', undefined, 'undefined'],
  ['what cannot be stored', 'a\0\ud800', 'a\ufffd\ufffd'],
])('%s is kept as text', (_, raw, text) => {
  expect(textToKeep(raw)).toEqual({ text, truncated: false });
});

test('long text is cut and says so; what cannot be written is described; no depth keeps it from being written', () => {
  expect(textToKeep('x'.repeat(450_001))).toEqual({ text: 'x'.repeat(450_000), truncated: true });
  const circle: unknown[] = [];
  circle.push(circle);
  expect(textToKeep(circle).text).toContain('circular');
  const deep = `${'{"a":'.repeat(8_000)}[1,"x",null,{}]${'}'.repeat(8_000)}`;
  expect(textToKeep(JSON.parse(deep))).toEqual({ text: deep, truncated: false });
  const deeper = '['.repeat(200_000) + ']'.repeat(200_000);
  expect(textToKeep(JSON.parse(deeper))).toEqual({
    text: deeper.slice(0, 450_000),
    truncated: deeper.length > 450_000,
  });
});
