import { describe, expect, test } from 'vitest';
import { deploymentOfIntent } from '../../../shared/lane/decision.ts';
import type { Lane } from '../../../shared/lane/lane.ts';
import type { Act } from '../../../shared/lane/swap/act.ts';
import { accepted, planned, quiet, sending, swapGoal } from '../../builders/act.ts';
import { decided, moved } from '../../builders/decide.ts';
import { siteChanged, wake } from '../../builders/input.ts';
import {
  awaitingApproval,
  awaitingRollback,
  copying,
  idleLane,
  lookingAtSite,
  lookingForTheWayBack,
  publishing,
  rollingBackLane,
  swappingLane,
  verifyingLane,
  warmingLane,
  watchingLane,
} from '../../builders/lane.ts';
import { identityOf } from '../../builders/look.ts';
import { aPolicy, byAda } from '../../builders/policy.ts';
import { aRecord, deployment } from '../../builders/record.ts';
import { at } from '../../builders/time.ts';

/** It is 10:05; two looks are 15 s apart. */
const patrolled = (time: string, more: Partial<Lane> = {}) =>
  idleLane({ patrolAt: at(time), wakeAt: at(time), ...more });

const swaps: Act[] = [planned(swapGoal), sending(swapGoal), accepted(swapGoal), quiet(swapGoal)];

test.each<{ in: string; lane: Lane; becomes: string }>([
  ...[lookingAtSite(), copying(), publishing()].map((lane) => ({
    in: 'staging',
    lane,
    becomes: 'ignored: the site is looked at before anything is published, and again before it is swapped',
  })),
  { in: 'warming', lane: warmingLane(), becomes: 'ignored: the slot is being asked what it holds' },
  { in: 'verifying', lane: verifyingLane(), becomes: 'ignored: both slots are read before the swap' },
  {
    in: 'awaiting-approval',
    lane: awaitingApproval({ approval: byAda }),
    becomes: 'ignored: both slots are read before the swap',
  },
  ...[swappingLane(), ...swaps.map(swappingLane)].map((lane) => ({
    in: 'swapping',
    lane,
    becomes: 'ignored: the swap is being found out by its own rules',
  })),
  { in: 'watching', lane: watchingLane(), becomes: 'ignored: production is looked at throughout the watch' },
  ...[
    lookingForTheWayBack(),
    ...swaps.map((swap) => rollingBackLane({ step: 'swapping', goal: identityOf('1.0.0'), swap })),
  ].map((lane) => ({
    in: 'rolling-back',
    lane,
    becomes: 'ignored: the rollback is being found out by its own rules',
  })),
])('in $in the site is said to have changed → $becomes', ({ lane, becomes }) => {
  expect(decided(lane, siteChanged())).toBe(becomes);
});

describe('idle', () => {
  test('the next look comes within a gap, and is a look', () => {
    const { lane, effects, told } = moved(patrolled('12:00'), siteChanged());
    expect({ effects, told }).toEqual({ effects: [], told: '' });
    expect(lane).toMatchObject({ wakeAt: at('10:05:15'), patrolAt: at('10:05:15'), step: 8 });
    const due = moved(lane, wake(8), { now: at('10:05:15') });
    expect(due.effects).toEqual([{ type: 'look', deployment: null, intent: null }]);
    expect(due.lane.patrolAt).toEqual(at('10:10:15'));
  });

  test('on hold as well: what a person does is noticed', () => {
    const held = patrolled('12:00', { hold: { by: 'Ada', because: 'Christmas', since: at('09:00') } });
    expect(moved(held, siteChanged()).lane).toMatchObject({ patrolAt: at('10:05:15'), hold: { by: 'Ada' } });
  });

  test('after a deployment, whose end set the clock and no patrol', () => {
    for (const patrolAt of [null, at('09:00')])
      expect(moved(idleLane({ patrolAt, wakeAt: at('10:10') }), siteChanged()).lane).toMatchObject({
        wakeAt: at('10:05:15'),
        patrolAt: at('10:05:15'),
      });
  });

  test('a lane nobody looked at yet', () => {
    expect(moved(idleLane({ wakeAt: null, step: 0 }), siteChanged()).lane).toMatchObject({ wakeAt: at('10:05:15') });
  });

  test.each<{ when: string; lane: Lane }>([
    { when: 'its patrol is due', lane: patrolled('10:05:10') },
    { when: 'its patrol is overdue', lane: patrolled('09:00') },
    { when: 'its first look is due', lane: idleLane({ wakeAt: at('10:05:15') }) },
  ])('$when → nothing changes', ({ lane }) => {
    expect(decided(lane, siteChanged())).toBe('ignored: a look is due already');
  });

  test('the clock comes soon, but not for a patrol: the patrol is brought forward', () => {
    expect(moved(patrolled('12:00', { wakeAt: at('10:05:01') }), siteChanged()).lane).toMatchObject({
      wakeAt: at('10:05:15'),
      patrolAt: at('10:05:15'),
    });
  });

  test('however many come, one look a gap follows', () => {
    let lane = patrolled('12:00');
    let looks = 0;
    for (let second = 0; second < 60; second += 1) {
      const now = at(`10:06:${String(second).padStart(2, '0')}`);
      if (lane.wakeAt !== null && lane.wakeAt <= now) {
        const woken = moved(lane, wake(lane.step), { now });
        looks += woken.effects.filter(({ type }) => type === 'look').length;
        lane = woken.lane;
      }
      for (const nth of [1, 2, 3]) {
        const first = decided(lane, siteChanged(`request-${nth}`), { now }) === 'nothing moves';
        if (first) lane = moved(lane, siteChanged(`request-${nth}`), { now }).lane;
      }
    }
    expect(looks).toBe(3);
  });
});

describe('our own', () => {
  const sent = (outcome: 'live' | 'rolled-back' | 'failed' | 'needs-human') => aRecord('done', { outcome });
  test.each(['live', 'rolled-back'] as const)('change that ended %s is known: no look', (outcome) => {
    expect(decided(patrolled('12:00'), siteChanged('d-1'), { named: sent(outcome) })).toBe(
      'ignored: it was our own change, found out already',
    );
  });

  test.each(['failed', 'needs-human'] as const)('change that ended %s may still be carried out: a look', (outcome) => {
    expect(decided(patrolled('12:00'), siteChanged('d-1'), { named: sent(outcome) })).toBe('nothing moves');
  });

  test('change by the deployment that a person is asked about is known', () => {
    const lane = awaitingRollback();
    expect(decided({ ...lane, wakeAt: at('10:20') }, siteChanged(), { named: aRecord('awaiting-rollback') })).toBe(
      'ignored: it was our own change, found out already',
    );
  });
});

test('while a person is asked whether to roll back, their own swap is looked for soon', () => {
  const lane = { ...awaitingRollback(), wakeAt: at('10:10') };
  const sooner = moved(lane, siteChanged()).lane;
  expect(sooner).toMatchObject({ wakeAt: at('10:05:15'), active: { stage: 'awaiting-rollback' }, patrolAt: null });
  expect(moved(sooner, wake(sooner.step), { now: at('10:05:15') }).effects).toEqual([
    { type: 'look', deployment, intent: null },
  ]);
  expect(decided({ ...lane, wakeAt: at('10:05:15') }, siteChanged())).toBe('ignored: a look is due already');
});

test.each<[request: string, deployment: string | null]>([
  ['0mm90ix9c-0a1b2c3d-12', '0mm90ix9c-0a1b2c3d'],
  ['922f4841-20d9-4dd6-8c5b-23f0d85e5592', null],
  ['0mm90ix9c-0a1b2c3d', null],
  ['', null],
])('the request %s was sent under the deployment %s', (request, named) => {
  expect(deploymentOfIntent(request)).toBe(named);
});

test('a policy that only observes looks all the same', () => {
  expect(decided(patrolled('12:00'), siteChanged(), { policy: aPolicy({ mode: 'observe' }) })).toBe('nothing moves');
});
