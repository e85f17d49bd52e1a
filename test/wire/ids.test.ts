import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { Sha256, Version } from '../../shared/lane/words.ts';
import { buildId, hintIdOf, inputIdOf, laneOfInputId, markerId } from '../../shared/wire/ids.ts';
import { appName, instant, sha256, version } from '../../shared/wire/words.ts';
import { lanes, versions } from './arbitraries.ts';

const digest = 'a'.repeat(64) as Sha256;

describe('ids', () => {
  test('the same bytes, version and commit are the same build; any difference is another', () => {
    const id = buildId('1.0' as Version, 'abc1234', digest);
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(buildId('1.0' as Version, 'ABC1234', digest)).toBe(id);
    expect(buildId('1.1' as Version, 'abc1234', digest)).not.toBe(id);
    expect(buildId('1.0' as Version, 'abc1235', digest)).not.toBe(id);
    expect(buildId('1.0' as Version, 'abc1234', 'b'.repeat(64) as Sha256)).not.toBe(id);
  });

  test('an input id leads back to its lane, and is one per source and id', () => {
    fc.assert(
      fc.property(lanes, fc.string(), fc.string(), (lane, source, id) => {
        const input = inputIdOf(lane, source, id);
        expect(laneOfInputId(input)).toBe(lane);
        expect(input).toMatch(/~[0-9a-f]{20}$/);
        if (source !== id) expect(inputIdOf(lane, id, source)).not.toBe(input);
      }),
    );
    expect(inputIdOf('a@b' as never, 'xy', 'z')).not.toBe(inputIdOf('a@b' as never, 'x', 'yz'));
  });

  test.each(['', 'a@b', 'a@b~', '~1', 'a~1', 'a@b~1~2', 'A@b~1', 'a@b~../x', `a@b~${'x'.repeat(61)}`])(
    '%j is no input id',
    (text) => {
      expect(laneOfInputId(text)).toBeNull();
    },
  );

  test('a hint has ids of its own, so that it cannot take the place of a build in the eyes of duplicate detection', () => {
    fc.assert(
      fc.property(lanes, fc.string(), fc.string(), (lane, source, id) => {
        expect(laneOfInputId(hintIdOf(lane, source, id))).toBe(lane);
        expect(hintIdOf(lane, source, id)).toMatch(/~site[0-9a-f]{20}$/);
        expect(hintIdOf(lane, source, `${id}2`)).not.toBe(hintIdOf(lane, source, id));
      }),
    );
  });

  test('marker ids tell their parts apart', () => {
    expect(markerId('a', 'bc')).toMatch(/^[0-9a-f]{20}$/);
    expect(markerId('a', 'bc')).not.toBe(markerId('ab', 'c'));
  });
});

describe('words', () => {
  const reads = (schema: v.GenericSchema<unknown, unknown>, value: unknown) => v.safeParse(schema, value).success;

  test.each(['storefront', 'a', '0-9', 'x'.repeat(60)])('app name %j', (text) =>
    expect(reads(appName, text)).toBe(true),
  );
  test.each(['', 'A', '-a', 'a_b', 'a.b', 'a@b', 'x'.repeat(61), 'a\n', 'ä', 5, null])('no app name: %j', (text) =>
    expect(reads(appName, text)).toBe(false),
  );
  test('versions of any scheme', () => fc.assert(fc.property(versions, (text) => reads(version, text))));
  test.each(['', ' ', 'none', 'a\u0000', 'a\nb', 'a\u2028b', '\ud800', 'x'.repeat(201), 1])('no version: %j', (text) =>
    expect(reads(version, text)).toBe(false),
  );
  test('digests are read in either spelling', () => {
    expect(v.parse(sha256, `sha256:${'AB'.repeat(32)}`)).toBe('ab'.repeat(32));
    expect(reads(sha256, 'ab'.repeat(31))).toBe(false);
  });
  test.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.1234567+01:00', '2026-01-31T11:00:00.123Z'],
    ['2026-01-31T12:00Z', '2026-01-31T12:00:00.000Z'],
  ])('%s', (text, iso) => expect(v.parse(instant, text).toISOString()).toBe(iso));
  test.each([
    '2026-01-31',
    '2026-01-31T12:00:00',
    '2026-13-01T00:00:00Z',
    '1970-01-01T00:00:00Z',
    '3000-01-01T00:00:00Z',
    '',
    0,
  ])('no instant: %j', (text) => expect(reads(instant, text)).toBe(false));
});
