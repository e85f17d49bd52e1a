import { expect, test } from 'vitest';
import { durationInWords, listed, named, times } from '../../../shared/wire/release-process/in-words.ts';

test.each([
  [0, 'no time'],
  [1, '1 millisecond'],
  [500, '500 milliseconds'],
  [1_000, '1 second'],
  [90_000, '1 minute 30 seconds'],
  [3_600_000, '1 hour'],
  [604_800_000, '168 hours'],
  [3_661_001, '1 hour 1 minute 1 second 1 millisecond'],
])('%i ms is %s', (ms, words) => {
  expect(durationInWords(ms)).toBe(words);
});

test('how often', () => {
  expect([1, 2, 3].map(times)).toEqual(['once', 'twice', '3 times']);
});

test('a list of none, one, two and three', () => {
  const all = ['a', '<b>', 'c'].map(named);
  const lists = [0, 1, 2, 3].map((count) => String(listed(all.slice(0, count), 'or')));
  expect(lists).toEqual(['', '<b>a</b>', '<b>a</b> or <b>&lt;b&gt;</b>', '<b>a</b>, <b>&lt;b&gt;</b> or <b>c</b>']);
});
