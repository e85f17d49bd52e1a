import { describe, expect, test } from 'vitest';
import { holds, type Look, otherAnswers, sameIdentity, sameLook, tellsApart } from '../../shared/lane/look.ts';
import type { Identity } from '../../shared/lane/words.ts';
import { aLook, holding, identityOf, nothing, silent } from '../builders/look.ts';
import { at } from '../builders/time.ts';

const kuduOnly: Identity = { kudu: 'k-1.0.0', version: null };
const versionOnly: Identity = { kudu: null, version: '1.0.0' };
const answering = (identity: Identity) => ({ identity, answers: true });

describe('whether a slot holds what is expected', () => {
  test.each([
    { slot: holding('1.0.0'), expected: identityOf('1.0.0'), holding: true, serving: true },
    { slot: holding('1.1.0'), expected: identityOf('1.0.0'), holding: false, serving: false },
    {
      slot: answering({ kudu: 'k-1.0.0', version: '1.1.0' }),
      expected: identityOf('1.0.0'),
      holding: false,
      serving: false,
    },
    {
      slot: answering({ kudu: 'k-x', version: '1.0.0' }),
      expected: identityOf('1.0.0'),
      holding: false,
      serving: false,
    },
    { slot: silent('1.0.0'), expected: identityOf('1.0.0'), holding: true, serving: false },
    { slot: silent('1.1.0'), expected: identityOf('1.0.0'), holding: false, serving: false },
    // Adopted while it did not answer, or before a version path was configured.
    { slot: holding('1.0.0'), expected: kuduOnly, holding: true, serving: true },
    { slot: silent('1.0.0'), expected: kuduOnly, holding: true, serving: false },
    { slot: answering(kuduOnly), expected: kuduOnly, holding: true, serving: true },
    // The version path is configured no more.
    { slot: answering(kuduOnly), expected: identityOf('1.0.0'), holding: true, serving: false },
    // Put there by other ways than Kudu's.
    { slot: answering(versionOnly), expected: versionOnly, holding: true, serving: true },
    { slot: answering({ kudu: null, version: '1.1.0' }), expected: versionOnly, holding: false, serving: false },
    { slot: { identity: nothing, answers: false }, expected: versionOnly, holding: false, serving: false },
    { slot: answering(nothing), expected: nothing, holding: true, serving: true },
    { slot: { identity: nothing, answers: false }, expected: nothing, holding: false, serving: false },
    { slot: holding('1.0.0'), expected: nothing, holding: false, serving: false },
    { slot: answering(nothing), expected: identityOf('1.0.0'), holding: false, serving: false },
  ])('$slot against $expected: holds $holding, serves $serving', (row) => {
    expect(holds(row.slot, row.expected, false)).toBe(row.holding);
    expect(holds(row.slot, row.expected, true)).toBe(row.serving);
  });
});

test.each<{ differs: string; in: Partial<Look>; same: boolean }>([
  { differs: 'nothing', in: {}, same: true },
  { differs: 'the moment', in: { at: at('11:00') }, same: true },
  { differs: 'a single answer', in: { freshAnswers: ['1.0.0'] }, same: true },
  { differs: 'the content of production', in: { production: holding('2.0.0') }, same: false },
  { differs: 'the content of staging', in: { staging: holding('2.0.0') }, same: false },
  { differs: 'whether production answers', in: { production: { ...holding('1.0.0'), answers: false } }, same: false },
  { differs: 'the stamp', in: { stamp: null }, same: false },
  { differs: 'the operation', in: { operation: 'op' }, same: false },
  { differs: 'the pending preview', in: { targetSwapSlot: 'production' }, same: false },
  { differs: 'what Kudu says of our publish', in: { published: { state: 'none' } }, same: false },
  {
    differs: 'a warm-up setting',
    in: { warmUpPing: { ...aLook().warmUpPing, staging: { path: '/', statuses: null } } },
    same: false,
  },
])('two looks that differ in $differs are the same: $same', (row) => {
  expect(sameLook(aLook(), aLook(row.in))).toBe(row.same);
});

test.each([
  { identity: nothing, tells: false },
  { identity: kuduOnly, tells: true },
  { identity: versionOnly, tells: true },
])('$identity tells contents apart: $tells', ({ identity, tells }) => {
  expect(tellsApart(identity)).toBe(tells);
});

test('identities are the same in both their parts', () => {
  expect(sameIdentity(identityOf('1.0.0'), identityOf('1.0.0'))).toBe(true);
  expect(sameIdentity(identityOf('1.0.0'), kuduOnly)).toBe(false);
  expect(sameIdentity(identityOf('1.0.0'), versionOnly)).toBe(false);
});

test('other answers are those that say something else than is expected', () => {
  const look = aLook({ freshAnswers: ['1.0.0', null, '2.0.0'] });
  expect(otherAnswers(look, identityOf('1.0.0'))).toEqual(['2.0.0']);
  expect(otherAnswers(look, kuduOnly)).toEqual([]);
});
