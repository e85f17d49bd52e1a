import { expect, test } from 'vitest';
import { isAnswered } from '../../shared/lane/input.ts';
import { appOf, environmentOf, laneId, refOf } from '../../shared/lane/words.ts';
import { aBuild } from '../builders/build.ts';
import { approve, arrival, copied, copyRefused, wake } from '../builders/input.ts';

test('a lane is an app in an environment', () => {
  const lane = laneId('shop', 'production');
  expect(lane).toBe('shop@production');
  expect([appOf(lane), environmentOf(lane)]).toEqual(['shop', 'production']);
});

test('the lane row keeps of a build what orders, stages and judges it', () => {
  expect(Object.keys(refOf(aBuild())).sort()).toEqual([
    'arrivedAt',
    'definition',
    'finishedAt',
    'id',
    'number',
    'schemaChange',
    'sha256',
    'source',
    'version',
  ]);
});

test.each([
  { input: arrival('1.1.0'), answered: true },
  { input: approve(), answered: true },
  { input: wake(), answered: false },
  { input: copied(), answered: false },
  { input: copyRefused(), answered: false },
])('the sender of $input.type can read what became of it: $answered', ({ input, answered }) => {
  expect(isAnswered(input)).toBe(answered);
});
