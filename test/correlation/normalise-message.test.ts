import { expect, test } from 'vitest';
import { normaliseMessage } from '../../shared/correlation/normalise-message.ts';

const kinds: [message: string, becomes: string][] = [
  ['no user ada@example.com', 'no user <email>'],
  ['GET https://shop.example/api/orders/42?token=x failed', 'GET <url> failed'],
  ['amqps://bus-7.servicebus.windows.net:5671 closed', '<url> closed'],
  ['connect ECONNREFUSED 10.0.0.4:5432', 'connect ECONNREFUSED <ip>'],
  ['peer fe80::1ff:fe23:4567:890a gone', 'peer <ip> gone'],
  ['peer ::1 gone', 'peer <ip> gone'],
  ['getaddrinfo ENOTFOUND db-3.internal', 'getaddrinfo ENOTFOUND <host>'],
  ['getaddrinfo ENOTFOUND shop-staging.azurewebsites.net', 'getaddrinfo ENOTFOUND <host>'],
  ['trace 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'trace <trace>'],
  ['order 123e4567-e89b-12d3-a456-426614174000 is gone', 'order <uuid> is gone'],
  ['blob d41d8cd98f00b204e9800998ecf8427e', 'blob <hash>'],
  ['commit 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12', 'commit <hash>'],
  ['commit 2fd4e1c', 'commit <hex>'],
  ['at 2026-03-01T10:11:12.123Z it broke', 'at <date> it broke'],
  ['at 2026-03-01 10:11:12 it broke', 'at <date> it broke'],
  ['until Mon, 02 Jan 2006 15:04:05 GMT', 'until <date>'],
  ['until Mon Jan 02 15:04:05 2006', 'until <date>'],
  ['since 03/01/2026', 'since <date>'],
  ['at 10:11:12.5', 'at <date>'],
  ['timeout of 3000ms exceeded', 'timeout of <duration> exceeded'],
  ['took 1h 2m 3s', 'took <duration>'],
  ['waited 2.5 seconds', 'waited <duration>'],
  ['body of 12.5 MB is too large', 'body of <size> is too large'],
  ['read at 0x7ffde4a1', 'read at <hex>'],
  ['row 4,150,908 is locked', 'row <number> is locked'],
  ['3 of 17 failed', '<number> of <number> failed'],
  ['value -1.5e10 out of range', 'value <number> out of range'],
  ['key "ab12" exists', 'key <quoted> exists'],
  ['active=true name="Ada"', 'active=<bool> name=<quoted>'],
  ['cannot find module pkg@1.2.3', 'cannot find module pkg@1.2.3'.replace('1.2.3', '<version>')],
  ['session k9Mtd2gDcgG expired', 'session <id> expired'],
  [
    "ENOENT: no such file, open '/home/site/wwwroot/releases/20260114.3/views/cart.html'",
    "ENOENT: no such file, open '<path>cart.html'",
  ],
  ['  first \n\n second  line \n third', 'first\nsecond line'],
];

test.each(kinds)('%s → %s', (message, becomes) => {
  expect(normaliseMessage(message)).toBe(becomes);
});

test.each([
  'invalid utf-8 sequence',
  'sha-256 does not match',
  'Request failed with status code 404',
  'HTTP/1.1 500',
  "Cannot read properties of undefined (reading 'name')",
  'Unexpected token < in JSON',
  'user.name is not a function',
  '',
])('stays: %s', (message) => {
  expect(normaliseMessage(message)).toBe(message);
});

test('a long hostile message costs little', () => {
  for (const unit of [
    'a',
    '1',
    'a.',
    '1.',
    '1,',
    'a@',
    '0:',
    '/tmp/',
    '"',
    '=',
    ' 1',
    '1h',
    'a1',
    '-',
    '<',
    'Jan 1 ',
  ]) {
    // A pattern that backtracks would take minutes; the bound leaves room for a busy machine.
    const began = performance.now();
    normaliseMessage(unit.repeat(100_000));
    expect(performance.now() - began, unit).toBeLessThan(5_000);
  }
});
