import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decoded } from '../../../shared/wire/decode.ts';
import { decodeErrorMessage, type ReportedErrors } from '../../../shared/wire/errors/warmswap.ts';

const text = readFileSync(new URL('../../fixtures/errors/storefront-1.2.0.json', import.meta.url), 'utf8');

function one(raw: unknown): ReportedErrors {
  const [event, ...others] = decodeErrorMessage(raw);
  if (event === undefined || others.length > 0) throw new Error('not one event');
  if (!event.ok) throw new Error(event.why);
  return event.value;
}

const whys = (events: Decoded<ReportedErrors>[]) => events.map((event) => (event.ok ? 'read' : event.why));

const report = { app: 'a', environment: 'e', occurredAt: '2026-03-02T09:30:58Z', message: 'm' };
const event = (data: unknown, more: object = {}) => ({
  specversion: '1.0',
  type: 'io.warmswap.error.reported',
  source: 's',
  id: '1',
  data,
  ...more,
});
const only = (fields: object) => one(event({ ...report, ...fields }));

test('a whole message: the good reports, and the bad one with its reasons', () => {
  expect(one(text)).toMatchSnapshot();
});

test('a redelivered message reads the same, as text, bytes or object', () => {
  expect(one(Buffer.from(text))).toEqual(one(text));
  expect(one(JSON.parse(text))).toEqual(one(text));
  const parsed = JSON.parse(text);
  expect(one({ ...parsed, data: JSON.stringify(parsed.data) })).toEqual(one(text));
});

test('one report needs no list', () => {
  expect(one(event(report)).reports).toEqual([
    expect.objectContaining({ app: 'a', count: 1, level: 'error', tags: {} }),
  ]);
});

test('in a batch each event stands for itself, also beside one that cannot be read', () => {
  const events = decodeErrorMessage([
    event([report], { id: '1' }),
    { id: '2' },
    'x',
    event([report, report], { id: '3' }),
  ]);
  expect(events.map((each) => (each.ok ? [each.value.event.id, each.value.reports.length] : 'bad'))).toEqual([
    ['1', 1],
    'bad',
    'bad',
    ['3', 2],
  ]);
});

test('no report is lost or invented, whatever lies among them', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constant(report), fc.anything(), fc.jsonValue()), { minLength: 1 }), (data) => {
      const read = one(event(data));
      expect(read.reports.length + read.faults.length).toBe(data.length);
      const good = data.filter((item) => item === report).length;
      expect(read.reports.length).toBeGreaterThanOrEqual(good);
    }),
  );
});

test('a refused report is kept as an event that can be sent again', () => {
  const [fault] = one(text).faults;
  const again = one(fault?.raw);
  expect(again.event).toEqual({ source: 'https://shop.example.com/storefront', id: 'rd0003ff-000017~2' });
  expect(again.faults).toEqual([{ index: 0, why: fault?.why, raw: expect.any(String) }]);
});

describe('what is kept of a report', () => {
  test('long lists and texts are cut, not refused', () => {
    const frame = { function: 'f'.repeat(900), file: 'x.js', line: 1 };
    const exception = {
      type: 'T'.repeat(900),
      message: 'm'.repeat(9_000),
      frames: Array.from({ length: 150 }, () => frame),
    };
    const [read] = only({
      exceptions: Array.from({ length: 80 }, () => exception),
      tags: Object.fromEntries(Array.from({ length: 90 }, (_, n) => [`t${n}`, 'v'])),
    }).reports;
    expect(read?.exceptions).toHaveLength(50);
    expect(read?.exceptions.map(({ frames }) => frames.length).slice(0, 3)).toEqual([150, 50, 0]);
    expect(read?.exceptions[0]?.message).toHaveLength(2_000);
    expect(read?.exceptions[0]?.frames[0]?.function).toHaveLength(300);
    expect(Object.keys(read?.tags ?? {})).toHaveLength(50);
  });

  test.each([null, '', 'none', undefined])('a version of %j is none', (version) => {
    expect(only({ version }).reports[0]?.version).toBeUndefined();
  });

  test('odd optional fields are left out', () => {
    const [read] = only({ user: 'x', request: { url: 5 }, host: {}, tags: [], fingerprint: 5, level: 'loud' }).reports;
    expect(read).toMatchObject({ level: 'error', tags: {} });
    expect([read?.user, read?.request, read?.host, read?.fingerprint]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('what cannot be stored is replaced', () => {
    expect(only({ message: `a\0b\ud800${'x'.repeat(1_996)}😀` }).reports[0]?.message).toBe(
      `a\ufffdb\ufffd${'x'.repeat(1_996)}`.slice(0, 2_000),
    );
  });
});

describe('a report is refused', () => {
  test.each<[string, object, string]>([
    ['without app', { app: undefined }, 'app: is missing'],
    ['without environment', { environment: undefined }, 'environment: is missing'],
    ['with a bad name', { app: 'A/B' }, 'app: must be 1–60'],
    ['without time', { occurredAt: undefined }, 'occurredAt: is missing'],
    ['with a time without zone', { occurredAt: '2026-03-02T09:30:58' }, 'occurredAt: must be an ISO 8601'],
    ['with nothing that happened', { message: '' }, 'exceptions: is empty'],
    ['with exceptions that are no list', { exceptions: { type: 'x' } }, 'exceptions: expected a list'],
    ['with an empty exception', { exceptions: [{}] }, 'exceptions[0]: expected an object with type or message'],
    ['with an exception of null', { exceptions: [null] }, 'exceptions[0]'],
    ['with a count of nothing', { count: 0 }, 'count: must be a whole number'],
    ['with a count as text', { count: '5' }, 'count: must be'],
    ['with a count without end', { count: 1e12 }, 'count: must be'],
    ['with a version of another type', { version: 12 }, 'version: must be 1–200'],
  ])('%s', (_, fields, why) => {
    const read = only(fields);
    expect(read.reports).toEqual([]);
    expect(read.faults).toEqual([{ index: 0, why: expect.stringContaining(why), raw: expect.any(String) }]);
  });

  test('with all its faults, and kept as text however deep it is', () => {
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    const read = one(event([deep, { app: 1, environment: 2, deep }, report]));
    expect(read.reports).toHaveLength(1);
    expect(read.faults.map(({ why }) => why)).toEqual([
      'expected an object',
      'app: must be 1–60 of a–z, 0–9 and -; environment: must be 1–60 of a–z, 0–9 and -; occurredAt: is missing',
    ]);
    expect(read.faults[0]?.raw).toContain('['.repeat(100_000));
  });
});

describe('a message is refused', () => {
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'expected an event'],
    ['an empty body', '', 'the body is empty'],
    ['cut off', text.slice(0, 400), 'not JSON'],
    ['bytes of another format', Buffer.from([1, 2, 3]), 'not JSON'],
    ['an empty list', [], 'an empty list'],
    ['an empty list of reports', event([]), 'data: is an empty list'],
    ['no reports', event(undefined), 'data: expected a report'],
    ['text for reports', event('hello'), 'data: expected a report'],
    ['a number for reports', event(5), 'data: expected a report'],
    ['another type', event([report], { type: 'x' }), 'type: expected'],
    ['another envelope', event([report], { specversion: 1 }), 'specversion: expected'],
    ['no id', event([report], { id: '' }), 'id: expected text'],
    ['no source', event([report], { source: 7 }), 'source: expected text'],
    ['too many reports', event(Array.from({ length: 10_001 }, () => report)), 'more than 10000 reports'],
    ['great length', JSON.stringify(event('x'.repeat(1_000_001))), 'longer than'],
    ['great depth', '['.repeat(200_000) + ']'.repeat(200_000), 'expected an event'],
  ])('%s', (_, raw, why) => {
    expect(whys(decodeErrorMessage(raw))).toEqual([expect.stringContaining(why)]);
  });
});
