import { expect, test } from 'vitest';
import { decode, encode } from '../../../shared/adapters/tables/codec.ts';
import { fromRow, SCHEMA, TooLarge, toRow } from '../../../shared/adapters/tables/row.ts';
import { Unavailable } from '../../../shared/ports.ts';

test.each([
  { what: 'dates', value: { at: new Date('2026-03-01T10:00:00.123Z'), list: [new Date(0), null] } },
  { what: 'what looks like our mark of a date', value: { $date: 'no', $$date: { $date: 1 }, $x: new Date(1) } },
  { what: 'plain values', value: [1.5, -1, true, null, '', 'é🚦\u0000\ud800'] },
])('$what come back as they were', ({ value }) => {
  expect(decode(encode(value))).toEqual(value);
});

test('what JSON would silently change is refused', () => {
  expect(() => encode({ n: Number.NaN })).toThrow(RangeError);
  expect(() => encode({ at: new Date(Number.NaN) })).toThrow(RangeError);
});

test('a long text is spread over properties of at most 32,000 characters, never through a character', () => {
  const content = { text: `a${'🚦'.repeat(40_000)}` };
  const row = toRow('p', 'r', content);
  for (const [name, part] of Object.entries(row)) {
    if (!name.startsWith('state')) continue;
    expect(String(part).length).toBeLessThanOrEqual(32_000);
    expect(Buffer.from(String(part), 'utf8').toString('utf8')).toBe(part);
  }
  expect(fromRow(row)).toEqual(content);
});

test('more than a row holds is refused with its size', () => {
  expect(() => toRow('p', 'r', 'x'.repeat(480_001))).toThrow(TooLarge);
  expect(() => toRow('p', 'r', 'x'.repeat(100), {}, 90)).toThrow(/the row r of p has 102 characters; at most 90/);
});

test('a row of another schema is not read as if it were ours; for a newer one somebody else will come', () => {
  const newer = { ...toRow('p', 'r', 1), schema: SCHEMA + 1 };
  expect(() => fromRow(newer)).toThrow(Unavailable);
  expect(() => fromRow(newer)).toThrow(/the row r of p has schema 3, which is newer than this version reads \(2\)/);
  for (const schema of [1, '2', undefined])
    expect(() => fromRow({ ...toRow('p', 'r', 1), schema })).toThrow(
      /^the row r of p has schema .*; this version reads 2: the version that wrote it must run$/,
    );
});
