import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isFromSlack, type Signed } from '../../../shared/wire/slack/signature.ts';

/** The example of Slack's own documentation, "Verifying requests from Slack". */
const documented = {
  secret: '8f742231b10e8888abcd99yyyzzz85a5',
  timestamp: '1531420618',
  body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
};
const { secret, timestamp, signature } = documented;
const raw = Buffer.from(documented.body);
const then = new Date(Number(timestamp) * 1_000);
const seconds = (off: number): Date => new Date(then.getTime() + off * 1_000);
const given: Signed = { timestamp, signature, raw };

test('the example Slack documents is Slack’s', () => {
  expect(isFromSlack([secret], given, then)).toBe(true);
});

test.each([
  [0, true],
  [300, true],
  [-300, true],
  [301, false],
  [-301, false],
])('%i seconds off', (off, known) => expect(isFromSlack([secret], given, seconds(off))).toBe(known));

test('every secret is tried, in any place', () => {
  expect(isFromSlack(['another', secret], given, then)).toBe(true);
  expect(isFromSlack([secret, 'another'], given, then)).toBe(true);
  expect(isFromSlack(['another', 'a third'], given, then)).toBe(false);
  expect(isFromSlack([], given, then)).toBe(false);
});

test('no secret is nobody’s: a signature made with an empty one is refused', () => {
  const made = createHmac('sha256', '').update(`v0:${timestamp}:`).update(raw).digest('hex');
  expect(isFromSlack([''], { ...given, signature: `v0=${made}` }, then)).toBe(false);
});

describe('refused is', () => {
  test.each<[string, Partial<Signed>]>([
    ['one byte more', { raw: Buffer.concat([raw, Buffer.from(' ')]) }],
    ['one byte other', { raw: Buffer.from(documented.body.replace('foobar', 'foobaz')) }],
    ['no signature', { signature: null }],
    ['another version', { signature: signature.replace('v0', 'v1') }],
    ['upper case', { signature: signature.toUpperCase() }],
    ['a shorter one', { signature: signature.slice(0, -2) }],
    ['two of them', { signature: `${signature}, ${signature}` }],
    ['no time', { timestamp: null }],
    ['another time', { timestamp: '1531420619' }],
    ['a time with a fraction', { timestamp: '1531420618.0' }],
    ['a time with blanks', { timestamp: ' 1531420618' }],
    ['a time in hexadecimal', { timestamp: '0x5b47a04a' }],
  ])('%s', (_, change) => expect(isFromSlack([secret], { ...given, ...change }, then)).toBe(false));
});

test('bytes that are no text are signed as they are', () => {
  const odd = Uint8Array.from([0, 0xff, 0xfe, 0x80]);
  const made = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(odd).digest('hex');
  expect(isFromSlack([secret], { timestamp, signature: `v0=${made}`, raw: odd }, then)).toBe(true);
});
