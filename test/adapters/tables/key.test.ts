import { expect, test } from 'vitest';
import { encodeKey, highestFirst, newestFirst } from '../../../shared/adapters/tables/key.ts';

const awkward = ['/', '\\', '#', '?', '%', '+', '!', '=', "'", ' ', '\u0000', '\u007f', 'é', '🚦', '=2F', '=~', ''];

test('no key holds what a key must not hold, nor the separator', () => {
  for (const text of [...awkward, awkward.join('x'), awkward.join('x').repeat(50)])
    expect(encodeKey(text)).toMatch(/^[A-Za-z0-9\-_.~@=]{0,160}$/);
});

test('a lane stays readable', () => {
  expect(encodeKey('storefront@production')).toBe('storefront@production');
});

test('different texts have different keys, long ones too', () => {
  const long = 'v'.repeat(400);
  const texts = [...awkward, long, `${long}x`, `${long}y`, encodeKey(long), encodeKey('/'), '=2F'];
  const different = new Set(texts);
  expect(new Set([...different].map(encodeKey)).size).toBe(different.size);
});

test('instants and counters sort newest first', () => {
  expect(newestFirst(new Date('2026-03-01T10:00:00.001Z')) < newestFirst(new Date('2026-03-01T10:00:00.000Z'))).toBe(
    true,
  );
  expect(highestFirst(10) < highestFirst(9)).toBe(true);
  expect(() => newestFirst(new Date(Number.NaN))).toThrow(RangeError);
});
