import { expect, test } from 'vitest';
import { type CountFacts, type VerdictFacts, verdict } from '../../shared/correlation/verdict.ts';

const counts: CountFacts = { reportsPerMinute: 0, before: 0, newGroups: [], probeSeen: true };
const check = { name: 'home', ok: true, status: 200, latencyMs: 10, why: '' };
const facts: VerdictFacts = {
  errors: { asked: true, answer: counts },
  checks: { asked: true, answer: [check] },
  limits: { newGroupReports: 5, ratio: 3, perMinute: 10 },
};
const errors = (changes: Partial<CountFacts>) => ({
  errors: { asked: true as const, answer: { ...counts, ...changes } },
});
const group = (reports: number) => ({ newGroups: [{ fingerprint: 'f', title: 'TypeError: x', reports }] });
const notCounted = { errors: { asked: false as const, because: 'the tables are down' } };
const notChecked = { checks: { asked: false as const, because: 'forbidden' } };
const failed = { checks: { asked: true as const, answer: [{ ...check, ok: false, why: '/ answered 500' }] } };

test.each<[string, Partial<VerdictFacts>, string, RegExp]>([
  ['nothing wrong, and counted', {}, 'good', /0 errors a minute/],
  ['nothing wrong, not proven', errors({ probeSeen: false }), 'so-far-good', /not yet proven/],
  ['few reports of a new error', errors(group(4)), 'good', /./],
  ['enough reports of a new error', errors(group(5)), 'bad', /new error, 5 reports: TypeError: x/],
  [
    'above the floor from nothing',
    errors({ reportsPerMinute: 10 }),
    'bad',
    /too many errors: 10 a minute, 0 in the hour before/,
  ],
  ['below the floor', errors({ reportsPerMinute: 9.99 }), 'good', /./],
  ['above the floor, within the ratio', errors({ reportsPerMinute: 30, before: 10 }), 'good', /./],
  ['above the ratio', errors({ reportsPerMinute: 30.01, before: 10 }), 'bad', /too many errors/],
  ['above the ratio, below the floor', errors({ reportsPerMinute: 9, before: 0.1 }), 'good', /./],
  ['bad, although counting is not proven', errors({ ...group(9), probeSeen: false }), 'bad', /./],
  ['a failed check', failed, 'bad', /check home failed: \/ answered 500/],
  ['errors not counted', notCounted, 'inconclusive', /could not count errors: the tables are down/],
  ['checks not asked', notChecked, 'inconclusive', /could not ask the checks: forbidden/],
  ['a failed check, errors not counted', { ...failed, ...notCounted }, 'bad', /check home/],
  ['too many errors, checks not asked', { ...errors(group(9)), ...notChecked }, 'bad', /new error/],
  ['neither', { ...notCounted, ...notChecked }, 'inconclusive', /count errors.*checks/],
])('%s → %s', (_, changes, becomes, why) => {
  const evidence = verdict({ ...facts, ...changes });
  expect(evidence.verdict).toBe(becomes);
  expect(evidence.why).toMatch(why);
});

test('what could not be counted is null, never zero', () => {
  expect(verdict({ ...facts, ...notCounted })).toMatchObject({ reportsPerMinute: null, before: null, counted: false });
});
