import { expect, test } from 'vitest';
import { normaliseFile } from '../../shared/correlation/normalise-file.ts';
import { normaliseFunction } from '../../shared/correlation/normalise-function.ts';
import { normaliseModule } from '../../shared/correlation/normalise-module.ts';
import { redact, redactUrl, withoutSecrets } from '../../shared/correlation/redact.ts';

const units = [
  'a',
  '1',
  'a.',
  '1.',
  'a@',
  '://',
  'a://',
  '=',
  'token',
  'token=',
  'eyJ',
  'eyJ-',
  'eyJhbGci.',
  'https://a',
  'https://',
  'token-',
  '"token":"',
  'x_',
  '-',
  '1-',
  '<',
  '<a>',
  '$$',
  '(',
  '[',
  ' ',
  '/',
  '::',
  '1 ',
  '\u0000',
  '\ud800',
];

test.each([
  ['normaliseFile', normaliseFile],
  ['normaliseFunction', normaliseFunction],
  ['normaliseModule', normaliseModule],
  ['redact', (text: string) => redact(text, 600)],
  ['withoutSecrets', withoutSecrets],
])('%s costs little on long hostile text', (_, work) => {
  for (const unit of units) {
    // A pattern that backtracks would take minutes; the bound leaves room for a busy machine.
    const began = performance.now();
    work(unit.repeat(50_000));
    work(`${unit.repeat(400)}!`);
    expect(performance.now() - began, JSON.stringify(unit)).toBeLessThan(5_000);
  }
});

test.each([
  ['password=hunter2 and more', 'password=<secret> and more'],
  ['{"apiKey": "abc", "n": 1}', '{"apiKey": <secret>, "n": 1}'],
  ['Server=db;Pwd=x;AccountKey=abc==;', 'Server=db;Pwd=<secret>;AccountKey=<secret>;'],
  ['Authorization: Bearer abc.def', 'Authorization: <secret>'],
  ['sent Bearer abcdefgh123', 'sent Bearer <secret>'],
  ['jwt eyJhbGciOi.eyJzdWIiOi.c2ln', 'jwt <token>'],
  ['https://u:p@host/x?sig=abc&se=1', 'https://host/x?sig=<secret>&se=1'],
  ['mail ada@example.com now', 'mail <email> now'],
  ['card 4111 1111 1111 1111', 'card <number>'],
  ['card 4111111111111111', 'card <number>'],
  ['Unexpected token < in JSON at position 4', 'Unexpected token < in JSON at position 4'],
  ['a\u0000b\ud800c\u{1f600}', 'a b c\u{1f600}'],
])('redacted: %j → %j', (text, becomes) => {
  expect(redact(text, 600)).toBe(becomes);
});

test.each([
  ['https://shop.example.com/basket?page=2&sort=asc', 'https://shop.example.com/basket'],
  ['/basket?token=abc&page=2', '/basket'],
  ['/x#access_token=abc', '/x'],
  ['/x?%74oken=abc', '/x'],
  ['https://ada:secret@example.com/x', 'https://example.com/x'],
  ['//ada:secret@example.com/x', '//example.com/x'],
  ['https://example.com/@ada/x', 'https://example.com/@ada/x'],
  ['/reset/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sgn', '/reset/<token>'],
  ['/users/ada@example.com/orders', '/users/<email>/orders'],
  ['/x;token=abc/y', '/x;token=<secret>'],
  ['', ''],
])('the address of a request: %j → %j', (url, becomes) => {
  expect(redactUrl(url, 300)).toBe(becomes);
});

test('is cut, never through a character', () => {
  expect(redact('abcdef', 4)).toBe('abc…');
  expect(redact('ab\u{1f600}cd', 4)).toBe('ab…');
  expect(redact('abcd', 4)).toBe('abcd');
});

test.each([
  [
    '{"url":"https://ada:hunter2@x.example/a.zip?se=1&hunter2#x","sha256":"ab"}',
    '{"url":"https://x.example/a.zip?<not shown>","sha256":"ab"}',
  ],
  ['{"url":"https:\\/\\/x.example\\/a.zip?hunter2"}', '{"url":"https:\\/\\/x.example\\/a.zip?<not shown>"}'],
  ['{"author":"ada@example.com","at":1772442873000}', '{"author":"ada@example.com","at":1772442873000}'],
  ['"password":"hunter2", "authorization": "Bearer hunter2"', '"password":<secret>, "authorization": <secret>'],
  ['a token eyJhbGciOiJub25lIn0 and eyJhbGciOi.eyJzdWIi.hunter2', 'a token <token> and <token>'],
])('%s is shown without its secrets, and otherwise whole', (text, shown) => {
  expect(withoutSecrets(text)).toBe(shown);
});
