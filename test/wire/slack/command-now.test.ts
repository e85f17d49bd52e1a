import { describe, expect, test } from 'vitest';
import type { Lane } from '../../../shared/lane/lane.ts';
import { commandNow } from '../../../shared/wire/slack/command-now.ts';
import { lane, live, record, ref } from '../facts.ts';
import { awaiting } from './awaiting.ts';

const waiting: Lane = { ...lane, active: awaiting };
const named = { deployment: record.id, build: ref.id };

describe('a typed word names what the lane holds now', () => {
  test.each([
    ['approve', '', waiting, { type: 'approve', ...named }],
    ['approve', '1.1.0', waiting, { type: 'approve', ...named }],
    ['reject', '', waiting, { type: 'reject', ...named, reason: 'in Slack' }],
    ['reject', 'too slow', waiting, { type: 'reject', ...named, reason: 'too slow' }],
    ['roll-back', 'errors', lane, { type: 'roll-back', sawLive: ref.id, reason: 'errors' }],
  ] as const)('%s %s', (wish, words, of, command) => {
    expect(commandNow({ wish, words }, of)).toMatchObject({
      ok: true,
      command,
      says: expect.stringContaining('1.1.0'),
    });
  });
});

describe('or says why there is nothing to name', () => {
  test.each([
    ['approve', '', lane, 'nothing waits for approval in storefront@production'],
    ['reject', 'x', lane, 'nothing waits for approval'],
    ['approve', '1.0.9', waiting, 'you named 1.0.9; waiting for approval in storefront@production is 1.1.0'],
    ['roll-back', '', { ...lane, live: null }, 'was not deployed from here'],
    ['roll-back', '', { ...lane, live: { ...live, build: null } }, 'was not deployed from here'],
  ] as const)('%s %s', (wish, words, of, why) => {
    expect(commandNow({ wish, words }, of)).toEqual({ ok: false, why: expect.stringContaining(why) });
  });
});
