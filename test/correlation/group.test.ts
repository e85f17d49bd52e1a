import { describe, expect, test } from 'vitest';
import { timelineOf } from '../../shared/correlation/attribution.ts';
import { firstVersionOf, type GroupFacts, newestCounts, noticeDue, stateOf } from '../../shared/correlation/group.ts';
import { type CompactedSum, sum } from '../../shared/correlation/sum.ts';
import type { ErrorDelta } from '../../shared/correlation/words.ts';
import type { Fingerprint, LaneId, MarkerKind, Version } from '../../shared/lane/words.ts';
import { at } from './error-report.ts';

const lane = 'a@b' as LaneId;
const fingerprint = 'f'.repeat(16) as Fingerprint;
const marker = (version: string, liveAt: Date, kind: MarkerKind = 'deploy') => ({
  lane,
  id: version,
  kind,
  version: version as Version,
  liveAt,
});
const timeline = timelineOf([marker('1.0', at('10:00:00'), 'external'), marker('1.1', at('11:00:00'))]);
const sample = { title: 't', frames: [], occurredAt: at('10:00:00') };

const delta = (version: string | null, clock: string, changes: Partial<ErrorDelta> = {}): ErrorDelta => ({
  lane,
  version: version as Version | null,
  minute: at(`${clock.slice(0, 5)}:00`),
  fingerprint,
  batch: `${version}${clock}`,
  count: 1,
  firstAt: at(clock),
  lastAt: at(clock),
  sample,
  ...changes,
});
const compacted = (version: string | null, from: string, to: string, count: number, late = 0): CompactedSum => ({
  lane,
  version: version as Version | null,
  fingerprint,
  count,
  late,
  firstAt: at(from),
  lastAt: at(to),
  countedThrough: at(`${to.slice(0, 5)}:00`),
  sample,
});
const counted = (...deltas: ErrorDelta[]) => {
  const group = sum(deltas, [], timeline).groups.get(fingerprint);
  if (group === undefined) throw new Error('nothing was counted');
  return group;
};

const facts: GroupFacts = { firstVersion: null, resolvedIn: null, regressedIn: null, ignored: false };
const v = (text: string): Version => text as Version;

test.each([
  { of: { firstVersion: v('1.1') }, live: '1.1', is: 'new' },
  { of: { firstVersion: v('1.0') }, live: '1.1', is: 'ongoing' },
  { of: {}, live: null, is: 'ongoing' },
  { of: { firstVersion: v('1.1'), resolvedIn: v('1.1') }, live: '1.1', is: 'resolved' },
  { of: { resolvedIn: v('1.0'), regressedIn: v('1.1') }, live: '1.1', is: 'regressed' },
  { of: { resolvedIn: v('1.0'), regressedIn: v('1.1'), ignored: true }, live: '1.1', is: 'ignored' },
])('$of while $live is live: $is', ({ of, live, is }) => {
  expect(stateOf({ ...facts, ...of }, live as Version | null)).toBe(is);
});

describe('the version that brought an error', () => {
  test.each([
    ['the one it was seen in', [delta('1.1', '11:10:00')], '1.1'],
    ['the older, although its report is later', [delta('1.1', '11:10:00'), delta('1.0', '11:20:00')], '1.0'],
    ['that of the marker in force', [delta(null, '11:10:00')], '1.1'],
    ['unknown, where it was there before the first marker', [delta(null, '09:00:00'), delta('1.1', '11:10:00')], null],
    ['the reported one, while no marker names it', [delta('1.2', '11:50:00')], '1.2'],
    ['one that went live rather than one that did not', [delta('dev', '09:00:00'), delta('1.1', '11:10:00')], '1.1'],
  ])('is %s', (_, deltas, version) => {
    expect(firstVersionOf(counted(...deltas), timeline)).toBe(version);
  });
});

describe('a notice', () => {
  const group = { ...facts, firstAt: at('11:10:00'), announced: {} };
  test.each([
    ['new in a version that went live', { firstVersion: v('1.1') }, { kind: 'new', version: '1.1' }],
    ['not before its marker', { firstVersion: v('1.2') }, null],
    ['not twice', { firstVersion: v('1.1'), announced: { '1.1': at('11:11:00') } }, null],
    ['not of what is ignored', { firstVersion: v('1.1'), ignored: true }, null],
    ['not of what is resolved', { firstVersion: v('1.1'), resolvedIn: v('1.1') }, null],
    ['not of what an adopted version did before', { firstVersion: v('1.0'), firstAt: at('09:59:00') }, null],
    ['of what an adopted version does anew', { firstVersion: v('1.0') }, { kind: 'new', version: '1.0' }],
    ['regressed', { resolvedIn: v('1.0'), regressedIn: v('1.1') }, { kind: 'regressed', version: '1.1' }],
    ['regressed once', { regressedIn: v('1.1'), announced: { '1.1': at('11:11:00') } }, null],
  ])('%s', (_, changes, due) => {
    expect(noticeDue({ ...group, ...changes }, timeline)).toEqual(due);
  });
});

describe('sums', () => {
  test('what was compacted and what was not, added up; what came late apart', () => {
    const late = delta('1.1', '11:05:00', { count: 4 });
    const sums = sum(
      [late, delta('1.1', '11:20:00', { count: 2 })],
      [compacted('1.1', '11:01:00', '11:10:00', 50, 3)],
      timeline,
    );
    expect(sums.groups.get(fingerprint)).toMatchObject({
      total: 52,
      late: 7,
      firstAt: at('11:01:00'),
      lastAt: at('11:20:00'),
    });
    expect(sums.deltas).toHaveLength(1);
  });
  test('another version is not late', () => {
    const sums = sum([delta('1.0', '11:05:00')], [compacted('1.1', '11:01:00', '11:10:00', 50)], timeline);
    expect(sums.groups.get(fingerprint)).toMatchObject({ total: 51, late: 0 });
  });
  test('keep the counts of the versions seen last', () => {
    const { under } = counted(
      delta('1.0', '10:10:00', { count: 7 }),
      delta('1.1', '11:10:00'),
      delta(null, '09:00:00'),
    );
    expect(newestCounts(under, 2)).toEqual({ '1.0': 7, '1.1': 1 });
  });
});
