import fc from 'fast-check';
import { expect, test } from 'vitest';
import { faultOf } from '../../functions/log.ts';
import { logLine } from '../../functions/log-line.ts';
import { hostileTexts } from './hostile-texts.ts';

/** All that ends a line to somebody, and all that a terminal obeys. */
const ACTIVE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

function expectOneLine(line: string, said: object): void {
  expect(line).not.toMatch(ACTIVE);
  expect(JSON.parse(line)).toEqual(said);
}

test.each(Object.entries(hostileTexts))('%s stays inside its field', (_, text) => {
  const facts = { version: text, by: { name: text }, list: [text], [text]: 1 };
  expectOneLine(logLine('input', facts), { what: 'input', ...facts });
  const cause = new TypeError(text);
  const fault = faultOf(new Error(text, { cause }));
  expectOneLine(logLine('http', fault), { what: 'http', ...fault });
  expect(fault).toMatchObject({ fault: `Error: ${text}`, cause: `TypeError: ${text}` });
});

test('so does any text, half characters included', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary-ascii' }), (text, other) => {
      expectOneLine(logLine('input', { text, other }), { what: 'input', text, other });
    }),
  );
  expectOneLine(logLine('input', { text: 'a\ud800b' }), { what: 'input', text: 'a\ud800b' });
});

test('JSON alone would not have kept them in', () => {
  const leaks = Object.values(hostileTexts).filter((text) => ACTIVE.test(JSON.stringify({ text })));
  expect(leaks.length).toBeGreaterThanOrEqual(4);
});
