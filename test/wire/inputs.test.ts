import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Build } from '../../shared/lane/words.ts';
import { decodeInput, encodeInput } from '../../shared/wire/inputs.ts';
import { builds, inputs } from './arbitraries.ts';

describe('the queue of inputs', () => {
  test('what is sent is what is read, as an object, as text and as bytes', () => {
    fc.assert(
      fc.property(inputs, fc.nat(), (input, attempt) => {
        const body = encodeInput(input, attempt);
        const text = JSON.stringify(body);
        for (const raw of [body, text, Buffer.from(text)]) {
          expect(decodeInput(raw)).toEqual({ ok: true, value: { input, attempt } });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('dates come back as dates', () => {
    fc.assert(
      fc.property(builds, (build) => {
        const read = decodeInput(
          encodeInput({ id: 'a@b~1' as never, lane: 'a@b' as never, type: 'build-arrived', build }, 0),
        );
        if (!read.ok || read.value.input.type !== 'build-arrived') throw new Error('not read');
        expect(read.value.input.build.finishedAt).toEqual(build.finishedAt);
        expect(read.value.input.build.finishedAt).toBeInstanceOf(Date);
      }),
      { numRuns: 20 },
    );
  });

  test('a build with more commits than fit loses commits, nothing else', () => {
    const [sample] = fc.sample(builds, { numRuns: 1, seed: 7 });
    if (sample === undefined) throw new Error('no sample');
    const commit = { sha: 'a'.repeat(40), message: '語'.repeat(500), author: { name: '語'.repeat(200) } };
    const build: Build = { ...sample, commits: Array.from({ length: 100 }, () => commit) };
    const body = encodeInput({ id: 'a@b~1' as never, lane: 'a@b' as never, type: 'build-arrived', build }, 0);
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(201_000);
    const read = decodeInput(body);
    if (!read.ok || read.value.input.type !== 'build-arrived') throw new Error('not read');
    expect(read.value.input.build).toEqual({ ...build, commits: build.commits.slice(0, 50) });
  });

  test('whatever a storage said about a refused package can be sent', () => {
    const because = `\ud800${'x'.repeat(5000)}\0`;
    const body = encodeInput(
      { id: 'a@b~1', lane: 'a@b', type: 'package-refused', deployment: 'd1', attempt: 1, because } as never,
      0,
    );
    expect(decodeInput(body).ok).toBe(true);
  });

  test('an input that breaks its own schema is not sent', () => {
    expect(() => encodeInput({ id: 'a@b~1', lane: 'a@b', type: 'wake', step: -1 } as never, 0)).toThrow(
      'data.input.step: must be at least 0',
    );
  });

  const wake = { id: 'a@b~1', lane: 'a@b', type: 'wake', step: 1 };
  const wrap = (input: unknown) => ({ data: { form: 1, attempt: 0, input } });
  test.each([
    { what: 'nothing', raw: undefined, why: 'the whole: is missing' },
    { what: 'empty text', raw: '', why: 'empty' },
    { what: 'text cut off', raw: '{"data":{"form":1,', why: 'not JSON' },
    { what: 'bytes that are no JSON', raw: Buffer.from([0xff, 0xfe, 0x00]), why: 'not JSON' },
    { what: 'a list', raw: [], why: 'expected an object, got a list' },
    { what: 'no input', raw: { data: { form: 1, attempt: 0 } }, why: 'data.input: is missing' },
    {
      what: 'a later form',
      raw: { data: { form: 2, attempt: 0, input: wake } },
      why: 'data.form: must be 1: another version wrote this',
    },
    { what: 'an unknown type', raw: wrap({ ...wake, type: 'dance' }), why: 'data.input.type: expected' },
    { what: 'a foreign id', raw: wrap({ ...wake, id: 'c@d~1' }), why: 'names another lane' },
    { what: 'a bad lane', raw: wrap({ ...wake, lane: 'A B' }), why: 'data.input.lane: must be app@environment' },
    {
      what: 'wrong types',
      raw: wrap({ ...wake, step: '1' }),
      why: 'data.input.step: expected a number, got other text',
    },
    { what: 'too large', raw: JSON.stringify(wrap({ ...wake, pad: 'x'.repeat(1_100_000) })), why: 'longer than' },
    { what: 'too deep', raw: `${'['.repeat(50_000)}${']'.repeat(50_000)}`, why: 'nested deeper' },
    { what: 'too many', raw: Array.from({ length: 60_000 }, () => 1), why: 'more than 50000' },
  ])('refused: $what', ({ raw, why }) => {
    const read = decodeInput(raw);
    expect(read).toMatchObject({ ok: false, why: expect.stringContaining(why) });
  });

  test('every fault is named, values are not', () => {
    const read = decodeInput(
      wrap({
        id: 'a@b~1',
        lane: 'a@b',
        type: 'command',
        by: { name: '' },
        command: { type: 'reject', deployment: 'hunter2 hunter2', build: 5, reason: 'x' },
      }),
    );
    expect(read).toEqual({
      ok: false,
      why:
        'data.input.by.name: must not be empty; ' +
        'data.input.command.deployment: must be 1–200 of A–Z, a–z, 0–9 and . _ ~ @ -; ' +
        'data.input.command.build: expected text, got a number',
    });
  });
});
