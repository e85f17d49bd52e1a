import { describe, expect, test } from 'vitest';
import { encode } from '../../shared/adapters/tables/codec.ts';
import { transactionOf } from '../../shared/adapters/tables/lane-rows.ts';
import { decide } from '../../shared/lane/decide.ts';
import { emptyLane, type Lane } from '../../shared/lane/lane.ts';
import type { Policy } from '../../shared/lane/policy.ts';
import type { Act } from '../../shared/lane/swap/act.ts';
import type { Version } from '../../shared/lane/words.ts';
import { accepted, looking, planned, publishGoal, quiet, resetGoal, sending, swapGoal } from '../builders/act.ts';
import { moved, someFacts } from '../builders/decide.ts';
import { arrival, command } from '../builders/input.ts';
import {
  awaitingApproval,
  awaitingRollback,
  copying,
  publishing,
  rollingBackLane,
  someEvidence,
  swappingLane,
  verifyingLane,
  warmingLane,
  watchingLane,
} from '../builders/lane.ts';
import { aLook, identityOf } from '../builders/look.ts';
import { aPolicy } from '../builders/policy.ts';
import { aLive } from '../builders/record.ts';
import { at } from '../builders/time.ts';

/** As long as the owner's file may make it: 6,500 characters, most of them checks. */
const longPolicy = (): Policy => {
  const checks = Array.from({ length: 20 }, (_, index) => ({
    name: `check ${index}`.padEnd(100, 'n'),
    path: '/',
    status: 200,
  }));
  const policy = aPolicy({ checks, arrivals: { mode: 'queue', limit: 20 } });
  const left = 6_500 - JSON.stringify(policy).length;
  return { ...policy, checks: checks.map((check) => ({ ...check, path: `/${'p'.repeat(Math.floor(left / 20))}` })) };
};

const acts: [string, Act][] = [
  ['planned', planned(swapGoal, { mismatch: aLook() })],
  ['sending', sending()],
  ['accepted', accepted(swapGoal, { token: 't'.repeat(1_200) })],
  ['quiet', quiet()],
  ['looking', looking(swapGoal, { first: aLook() })],
  ['looking after a reset', looking(resetGoal(), { first: aLook(), attempt: 2 })],
];
const evidence = someEvidence('bad', {
  newGroups: Array.from({ length: 10 }, (_, index) => ({ fingerprint: `${index}`, title: 't', reports: 9 })),
  checks: Array.from({ length: 10 }, () => ({ name: 'n', ok: false, status: 500, latencyMs: 9, why: 'w' })),
});
const way = {
  live: { ...aLive('1.1.0'), build: aLive('1.1.0').build },
  former: aLive('1.0.0'),
  by: 'Ada',
  reason: 'r',
};

const everywhere: [string, Lane][] = [
  ['copying', copying()],
  [
    'publishing, a rollback waiting',
    publishing(looking(publishGoal, { first: aLook() }), {
      thenRollBack: way.live.build === null ? null : { ...way, live: { ...way.live, build: way.live.build } },
    }),
  ],
  ['warming', warmingLane()],
  ['verifying', verifyingLane()],
  ['awaiting approval', awaitingApproval({})],
  ...acts.map(([step, act]): [string, Lane] => [`swapping, ${step}`, swappingLane(act)]),
  ['watching', watchingLane({ stranger: { identity: identityOf('2.0.0'), at: at('10:00') } })],
  ['awaiting rollback', awaitingRollback()],
  ...acts.map(([step, swap]): [string, Lane] => [
    `swapping back, ${step}`,
    rollingBackLane({ step: 'swapping', goal: identityOf('1.0.0'), swap }),
  ]),
];

/** With the longest policy, all that a deployment carries along, a hold, and as many builds waiting as are let in. */
function filled(lane: Lane, more: (version: string) => object): Lane {
  const { active } = lane;
  if (active === null) throw new Error('nothing moves');
  const policy = longPolicy();
  const checks = Array.from({ length: 20 }, () => ({ name: 'n', ok: true, status: 200, latencyMs: 9, why: 'w' }));
  const stages = Array.from({ length: 8 }, () => ({ stage: 'awaiting-approval' as const, at: at('10:00') }));
  const record = { ...active.record, checks, evidence, stages };
  let full: Lane = {
    ...lane,
    active: { ...active, policy, record },
    kept: Array.from({ length: 5 }, () => ({ build: active.build, sha256: active.build.sha256 })),
  };
  for (let index = 2; index < 22; index += 1) {
    const facts = someFacts({ policy, fresh: `${10_000_000 + index}` });
    const decision = decide(facts, full, arrival(`1.${index}.0`, more(`1.${index}.0`)));
    if (decision.kind === 'move') full = decision.lane;
  }
  return moved(full, command('Ada', { type: 'hold', reason: 'r'.repeat(2_000) })).lane;
}

const longVersion = (version: string): Version => `${version}-${'v'.repeat(200)}`.slice(0, 200) as Version;

/** How long each text may be made by whoever writes it, by the name it is kept under; others are as long as we make them. */
const longest: Record<string, number> = {
  source: 500,
  definition: 500,
  version: 200,
  requestedBy: 200,
  approvedBy: 200,
  by: 200,
  because: 500,
  why: 500,
  told: 500,
  reason: 500,
  lastAnswer: 500,
  title: 120,
  kudu: 100,
  operation: 200,
  stamp: 40,
  pointer: 2_010,
};

/** Every text of others drawn out to its limit, in characters that JSON writes as they are. The policy is at its own limit already. */
function drawnOut(value: unknown, key = ''): unknown {
  if (key === 'policy') return value;
  if (typeof value === 'string') return value.padEnd(longest[key] ?? 0, 'x');
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((item) => drawnOut(item, key));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, drawnOut(inner, name)]));
}

describe.each(everywhere)('%s', (_, lane) => {
  test('with the longest policy, versions and queue: below 30,000 characters', () => {
    const full = filled(lane, (version) => ({ version: longVersion(version) }));
    expect(JSON.stringify(full.active?.policy).length).toBeGreaterThan(6_400);
    expect(full.queue.length).toBeGreaterThan(10);
    expect(encode(full).length).toBeLessThan(30_000);
  });

  test('with every text of others as long as it may be: it can be stored', () => {
    const full = drawnOut(
      filled(lane, (version) => ({ version: longVersion(version), source: 's'.repeat(500) })),
    ) as Lane;
    const trace = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'c'.repeat(512) };
    const traces = Object.fromEntries(Array.from({ length: 22 }, (_, index) => [`${'d'.repeat(16)}${index}`, trace]));
    const change = {
      effects: [],
      settled: [],
      journal: [],
      records: [],
      builds: [],
      seen: [],
      attentionAt: null,
      traces,
    };
    const stored = { lane: emptyLane(lane.id), pending: [], etag: 'e', journal: { seq: 0, hash: '' }, traces };
    expect(() => transactionOf(stored, { ...change, lane: full }, 'w')).not.toThrow();
  });
});
