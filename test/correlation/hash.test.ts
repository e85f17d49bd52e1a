import { expect, test } from 'vitest';
import { hash64 } from '../../shared/correlation/hash.ts';

test('is 16 hex characters, and always the same', () => {
  expect(hash64('abc')).toMatch(/^[0-9a-f]{16}$/);
  expect(hash64('abc')).toBe(hash64('abc'));
  expect(hash64('')).not.toBe(hash64('\u0000'));
});

test('knows where one part ends', () => {
  expect(hash64('ab', 'c')).not.toBe(hash64('a', 'bc'));
});

test('tells a million similar texts apart, in each half nearly so', () => {
  const whole = new Set<string>();
  const halves = [new Set<string>(), new Set<string>()];
  for (let n = 0; n < 1_000_000; n += 1) {
    const hash = hash64(`message-${n}`);
    whole.add(hash);
    halves[0]?.add(hash.slice(0, 8));
    halves[1]?.add(hash.slice(8));
  }
  expect(whole.size).toBe(1_000_000);
  // 32 bits: about 116 of a million collide by chance.
  for (const half of halves) expect(half.size).toBeGreaterThan(999_750);
});
