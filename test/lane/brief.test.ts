import { describe, expect, test } from 'vitest';
import { encode } from '../../shared/adapters/tables/codec.ts';
import { brief } from '../../shared/lane/brief.ts';
import type { LaneEvent } from '../../shared/lane/decision.ts';
import type { CheckResult, Evidence, Lane } from '../../shared/lane/lane.ts';
import type { Policy } from '../../shared/lane/policy.ts';
import { moved } from '../builders/decide.ts';
import { arrival, command, done, settled } from '../builders/input.ts';
import { someEvidence, verifyingLane, watchingLane } from '../builders/lane.ts';
import { aPolicy } from '../builders/policy.ts';
import { deployment } from '../builders/record.ts';

test.each([
  { text: 'short', kept: 'short' },
  { text: 'x'.repeat(500), kept: 'x'.repeat(500) },
  { text: 'x'.repeat(501), kept: `${'x'.repeat(499)}…` },
  { text: `${'x'.repeat(498)}😀😀`, kept: `${'x'.repeat(498)}…` },
])('$text.length characters become $kept.length', ({ text, kept }) => {
  expect(brief(text)).toBe(kept);
});

describe('the lane row keeps short what was seen', () => {
  const long = 'm'.repeat(200);
  const checks = (count: number, ok = false): CheckResult[] =>
    Array.from({ length: count }, (_, index) => ({
      name: `check ${index} ${'n'.repeat(90)}`,
      ok,
      status: ok ? 200 : 500,
      latencyMs: 1234.5678,
      why: ok ? '200 in 1235 ms' : `answered ${long}${long}`,
    }));
  const flood = (): Evidence => {
    const newGroups = Array.from({ length: 20 }, (_, index) => ({
      fingerprint: `${index}`.padStart(64, 'f'),
      title: `${index} ${long}`,
      reports: 1_000,
    }));
    const why = [...newGroups.map(({ title }) => title), ...checks(20).map((check) => check.why)].join('; ');
    return someEvidence('bad', { why, newGroups, checks: checks(20) });
  };
  const bad = (): LaneEvent => settled({ type: 'judge', deployment }, done(flood()));

  /** Ten builds wait, and the checks of the slot were as many as the verdict's. */
  function busy(rollback: Policy['rollback']['mode']): Lane {
    const policy = aPolicy({
      rollback: { mode: rollback, askExpiresAfterMs: 1_800_000, holdAfter: true },
      arrivals: { mode: 'queue', limit: 20 },
    });
    let lane = watchingLane({ policy });
    const { active } = lane;
    if (active === null) throw new Error('nothing moves');
    lane = { ...lane, active: { ...active, record: { ...active.record, checks: checks(20, true) } } };
    for (let index = 2; index < 12; index += 1)
      lane = moved(lane, arrival(`1.${index}.0`), { policy, fresh: `${10_000_000 + index}` }).lane;
    return moved(lane, command('Ada', { type: 'hold', reason: long.repeat(10) })).lane;
  }

  test.each(['automatic', 'ask'] as const)('a flood of errors and failing checks, rollback %s', (rollback) => {
    const { lane, records } = moved(busy(rollback), bad());
    expect(lane.active?.stage).toBe(rollback === 'ask' ? 'awaiting-rollback' : 'rolling-back');
    expect(encode(lane).length).toBeLessThan(30_000);
    const [record] = records;
    expect(record?.evidence).toMatchObject({ newGroups: { length: 10 }, checks: { length: 10 } });
    expect(record?.evidence?.newGroups[0]?.title).toHaveLength(120);
    expect(record?.why.length).toBeLessThanOrEqual(500);
  });

  test('what is bad is kept before what is good', () => {
    const seen = someEvidence('bad', { checks: [...checks(20, true), ...checks(2)] });
    const { records } = moved(watchingLane(), settled({ type: 'judge', deployment }, done(seen)));
    expect(records[0]?.evidence?.checks.map(({ ok }) => ok)).toEqual([false, false, ...Array(8).fill(true)]);
  });

  test('what the checks of the slot said', () => {
    const { records } = moved(verifyingLane(), settled({ type: 'verify', deployment }, done(checks(20))));
    expect(records).toMatchObject([{ outcome: 'failed', checks: { length: 20 } }]);
    for (const { why } of records[0]?.checks ?? []) expect(why).toHaveLength(100);
    expect(records[0]?.why).toHaveLength(500);
  });
});
