import { expect, test } from 'vitest';
import { Scheme } from '../../../functions/http/scheme.ts';
import { serve } from '../../../functions/http/serve.ts';

const load = async () => async () => ({ status: 200 });
const without = 'has no scheme that it may have';

test('a route without a scheme cannot be written, nor registered', () => {
  // @ts-expect-error: a scheme is required
  expect(() => serve('lost', 'GET', 'lost', undefined, load)).toThrow(without);
});

test('a scheme cannot be made by hand', () => {
  const made = { door: async () => async () => ({ caller: null }), opens: null };
  // @ts-expect-error: only the class makes one
  expect(() => serve('lost', 'GET', 'lost', made, load)).toThrow(without);
  // @ts-expect-error: its constructor is private
  expect(new Scheme(made.door)).toBeInstanceOf(Scheme);
});

test('only a route on the list is open, and its scheme opens no other', () => {
  // @ts-expect-error: listLanes is not on the list
  const widened = Scheme.open('listLanes');
  expect(() => serve('listLanes', 'GET', 'lanes', widened, load)).toThrow(without);
  expect(() => serve('lost', 'GET', 'lost', Scheme.open('healthz'), load)).toThrow(without);
});
