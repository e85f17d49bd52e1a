import { expect, test } from 'vitest';
import { mentions, same, type Truth, truthsOf } from '../../infra/local/demo/truths.ts';
import { Stuck, until } from '../../infra/local/demo/until.ts';

const never = new AbortController().signal;

function collecting(signal = never) {
  const told: Truth[] = [];
  return { told, truths: truthsOf('a scene', signal, (truth) => told.push(truth)) };
}

test('a claim is told with what was seen, true or not', async () => {
  const { told, truths } = collecting();
  await truths.check('one', () => same([1, 'a'], [1, 'a']));
  await truths.check('other', async () => same('1.2.0', '1.1.0'));
  expect(told).toEqual([
    { scene: 'a scene', claim: 'one', holds: true, seen: '[1,"a"]' },
    { scene: 'a scene', claim: 'other', holds: false, seen: '1.2.0' },
  ]);
});

test('a look that fails is a claim that does not hold', async () => {
  const { told, truths } = collecting();
  await truths.check('one', () => Promise.reject(new Error('no answer')));
  expect(told).toEqual([{ scene: 'a scene', claim: 'one', holds: false, seen: 'could not look: no answer' }]);
});

test('what comes a little later is waited for, but not for ever', async () => {
  const { told, truths } = collecting();
  let looks = 0;
  await truths.within(5_000, 'late', () => {
    looks += 1;
    return { holds: looks === 3, seen: `look ${looks}` };
  });
  await truths.within(300, 'never', () => ({ holds: false, seen: 'nothing' }));
  expect(told.map(({ holds, seen }) => [holds, seen])).toEqual([
    [true, 'look 3'],
    [false, 'nothing'],
  ]);
});

test('the end of the demo ends a wait', async () => {
  const { truths } = collecting(AbortSignal.timeout(50));
  await expect(truths.within(60_000, 'never', () => ({ holds: false, seen: '' }))).rejects.toThrow(/abort/i);
});

test('a text must hold every part', () => {
  expect(mentions('1.0.0 by Ada', ['1.0.0', 'Ada'])).toEqual({ holds: true, seen: '1.0.0, Ada' });
  expect(mentions('1.0.0 by Ada', ['Grace', 'Ada'])).toEqual({ holds: false, seen: 'without Grace: 1.0.0 by Ada' });
});

test('what is waited for in vain is named, with what was seen', async () => {
  const wait = until('the swap', 100, never, async () => ({ seen: 'nothing yet' }));
  await expect(wait).rejects.toThrow(new Stuck('the swap did not happen within 0.1 s; seen: nothing yet'));
  await expect(until('it', 1_000, never, async () => ({ answer: 42 }))).resolves.toBe(42);
});
