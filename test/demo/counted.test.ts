import { expect, test } from 'vitest';
import { type Answered, count, switchSeen } from '../../infra/local/demo/counted.ts';

const one = (beganAt: number, version: string | null, more: Partial<Answered> = {}): Answered => ({
  beganAt,
  endedAt: beganAt + 5,
  kept: true,
  status: 200,
  version,
  ok: true,
  why: '',
  ...more,
});
const failure = { ok: false, status: 500, why: 'status 500' };

test('requests belong to the stretch they began in, and to the version that answered', () => {
  const answered = [
    one(999, '1.0'),
    one(1_000, '1.0'),
    one(1_500, '1.1', { kept: false }),
    one(2_999, '1.1', failure),
    one(2_998, null, { ok: false, status: null, why: 'ECONNRESET', kept: false }),
    one(3_000, '1.1'),
  ];
  expect(count(answered, 1_000, 3_000)).toEqual({
    requests: 4,
    served: 2,
    failed: 2,
    kept: { served: 1, failed: 1 },
    fresh: { served: 1, failed: 1 },
    seconds: 2,
    perSecond: 2,
    byVersion: { '1.0': { served: 1, failed: 0 }, '1.1': { served: 1, failed: 1 }, unknown: { served: 0, failed: 1 } },
    whys: { 'status 500': 1, ECONNRESET: 1 },
  });
});

test('a stretch of no length has no rate', () => {
  expect(count([one(1_000, '1.0')], 1_000, 1_000)).toMatchObject({ requests: 0, perSecond: 0 });
});

test('the switch is seen between the last answer of the old version and the first of the new', () => {
  const answered = [one(3, '1.1'), one(1, '1.0'), one(2, '1.0'), one(4, '1.1'), one(9, '1.0')];
  const seen = switchSeen(answered, '1.0', '1.1');
  expect([seen?.lastOld.beganAt, seen?.firstNew.beganAt]).toEqual([2, 3]);
});

test.each([
  { when: 'the new version never answered', answered: [one(1, '1.0')] },
  { when: 'the old version never answered before', answered: [one(1, '1.1'), one(2, '1.0')] },
])('no switch is seen when $when', ({ answered }) => {
  expect(switchSeen(answered, '1.0', '1.1')).toBeNull();
});
