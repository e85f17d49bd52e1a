import { expect, test } from 'vitest';
import type { Command } from '../../../shared/lane/input.ts';
import { decodeGroupChange } from '../../../shared/wire/commands/group-change.ts';
import { decodeCommand } from '../../../shared/wire/commands/warmswap.ts';

const lane = 'storefront@production';
const deployment = '0mkabcdef-12345678';
const build = '81b13caf3fa232ab';

test.each([
  { type: 'approve', deployment, build },
  { type: 'reject', deployment, build, reason: 'not on a Friday' },
  { type: 'roll-back', sawLive: build, reason: 'orders are lost' },
  { type: 'end-watch', deployment, sawLive: build },
  { type: 'hold', reason: 'stock-taking' },
  { type: 'release' },
  { type: 'retry', deployment, sawLive: null },
  { type: 'deploy', build, sawLive: null },
])('$type', (command) => {
  const read = decodeCommand(JSON.stringify({ lane, ...command }));
  expect(read).toEqual({ ok: true, value: { lane, id: null, command: command as Command } });
});

test("a sender's own id is handed on", () => {
  expect(decodeCommand({ lane, type: 'release', id: 'click-1' })).toMatchObject({ value: { id: 'click-1' } });
});

test.each<[string, unknown, string]>([
  ['nothing', '', 'the body is empty'],
  ['null', null, 'expected an object, got null'],
  ['cut off', '{"lane"', 'not JSON'],
  ['an empty list', [], 'expected an object, got a list'],
  ['no type', { lane }, 'type: is missing'],
  ['an unknown type', { lane, type: 'undeploy' }, 'type: expected'],
  ['no lane', { type: 'release' }, 'lane: is missing'],
  ['half a lane', { lane: 'storefront', type: 'release' }, 'lane: must be app@environment'],
  [
    'everything wrong',
    { lane: 1, type: 'reject', build: '', reason: '' },
    'lane: expected text, got a number; deployment: is missing; build: must be 1–200 of A–Z, a–z, 0–9 and . _ ~ @ -; reason: must not be empty',
  ],
  ['a misspelt key', { lane, type: 'roll-back', sawlive: build, reason: 'x' }, 'sawlive: is not a known key'],
  ['who it saw live left open', { lane, type: 'retry', deployment }, 'sawLive: is missing'],
  ['a path for an id', { lane, type: 'approve', deployment: '../x', build }, 'deployment: must be 1–200 of'],
  ['great length', { lane, type: 'hold', reason: 'x'.repeat(2_001) }, 'reason: must be at most 2000 characters'],
  ['great depth', { lane, type: 'hold', reason: JSON.parse('['.repeat(99) + ']'.repeat(99)) }, 'nested deeper'],
])('refused: %s', (_, raw, why) => {
  expect(decodeCommand(raw)).toMatchObject({ ok: false, why: expect.stringContaining(why) });
});

test.each([{ type: 'resolve' }, { type: 'resolve', in: '1.3.0' }, { type: 'ignore' }, { type: 'reopen' }])(
  'an error group: %j',
  (change) => expect(decodeGroupChange(change)).toEqual({ ok: true, value: change }),
);

test.each([
  [{ type: 'resolve', version: '1' }, 'version: is not a known key'],
  [{ type: 'resolve', in: '' }, 'in: must be 1–200 characters'],
  [{ type: 'delete' }, 'type: expected'],
])('no change of an error group: %j', (raw, why) => {
  expect(decodeGroupChange(raw)).toMatchObject({ ok: false, why: expect.stringContaining(why) });
});
