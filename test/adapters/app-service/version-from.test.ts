import { expect, test } from 'vitest';
import { pointed } from '../../../shared/adapters/app-service/version-from.ts';

test.each([
  { pointer: '/version', found: '1.0' },
  { pointer: '/build/number', found: 7 },
  { pointer: '/a~1b/m~0n', found: 'x' },
  { pointer: '/list/1', found: 'two' },
  { pointer: '/no/such', found: undefined },
  { pointer: '/constructor', found: undefined },
])('$pointer', ({ pointer, found }) => {
  const body = { version: '1.0', build: { number: 7 }, 'a/b': { 'm~n': 'x' }, list: ['one', 'two'] };
  expect(pointed(body, pointer)).toBe(found);
  expect(pointed(body, '')).toBe(body);
});
