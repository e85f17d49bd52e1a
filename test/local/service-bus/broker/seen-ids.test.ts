import { expect, test } from 'vitest';
import { SeenIds } from '../../../../infra/local/service-bus/broker/seen-ids.ts';

test('an id is remembered for the window from its first arrival, not from its repeats', () => {
  const seen = new SeenIds(100);
  expect(seen.note('a', 0)).toBe(100);
  expect(seen.note('a', 99)).toBeUndefined();
  expect(seen.note('a', 100)).toBe(200);
});

test('what is over is forgotten, what was restored is not', () => {
  const seen = new SeenIds(100);
  seen.restore('old', 50);
  seen.restore('young', 120);
  seen.note('new', 60);
  expect([...seen.entries(60)]).toEqual([
    ['young', 120],
    ['new', 160],
  ]);
  expect(seen.note('young', 119)).toBeUndefined();
});
