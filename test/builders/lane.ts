import {
  type Deployment,
  type Evidence,
  emptyLane,
  type Lane,
  type RollingBack,
  type Staging,
} from '../../shared/lane/lane.ts';
import type { Policy } from '../../shared/lane/policy.ts';
import type { Act } from '../../shared/lane/swap/act.ts';
import { looking, planned, publishGoal, swapGoal } from './act.ts';
import { aRef } from './build.ts';
import { identityOf } from './look.ts';
import { aPolicy } from './policy.ts';
import { aLive, aRecord, lane } from './record.ts';
import { at } from './time.ts';

/** Nothing moves: 1.0.0 is live, staging still holds 0.9.0, both are kept. */
export const idleLane = (more: Partial<Lane> = {}): Lane => ({
  ...emptyLane(lane),
  live: aLive('1.0.0'),
  previous: aLive('0.9.0', { liveAt: at('07:00') }),
  kept: ['1.0.0', '0.9.0'].map((version) => ({ build: aRef(version), sha256: aRef(version).sha256 })),
  wakeAt: at('10:05'),
  step: 7,
  intentSeq: 3,
  ...more,
});

const laneWith = (active: Deployment, more: Partial<Lane> = {}): Lane => idleLane({ active, ...more });
const common = (policy: Partial<Policy>) => ({ build: aRef('1.1.0'), policy: aPolicy(policy) });

export const stagingLane = (step: Staging, policy: Partial<Policy> = {}, more: Partial<Lane> = {}): Lane =>
  laneWith({ stage: 'staging', record: aRecord('staging'), ...common(policy), at: step }, more);

export const lookingAtSite = (policy?: Partial<Policy>, more?: Partial<Lane>): Lane =>
  stagingLane({ step: 'looking', since: at('10:04') }, policy, more);

export const copying = (attempt = 1): Lane =>
  stagingLane({ step: 'copying', former: aLive('1.0.0'), attempt, deadline: at('10:10') });

export const publishing = (
  act: Act = planned(publishGoal),
  more: Partial<Extract<Staging, { step: 'acting' }>> = {},
): Lane => stagingLane({ step: 'acting', former: aLive('1.0.0'), act, thenRollBack: null, ...more });

const onTheWay = (policy: Partial<Policy>) => ({
  ...common(policy),
  former: aLive('1.0.0'),
  goal: identityOf('1.1.0'),
});
/** From publishing on, staging holds 1.1.0. */
const published: Partial<Lane> = { staged: { build: aRef('1.1.0'), identity: identityOf('1.1.0') } };

export const warmingLane = (inARow = 0, policy: Partial<Policy> = {}): Lane =>
  laneWith(
    {
      stage: 'warming',
      record: aRecord('warming'),
      ...onTheWay(policy),
      inARow,
      deadline: at('10:05'),
      lastAnswer: '/health answered 503',
    },
    published,
  );

export const verifyingLane = (policy: Partial<Policy> = {}): Lane =>
  laneWith({ stage: 'verifying', record: aRecord('verifying'), ...onTheWay(policy) }, published);

export const awaitingApproval = (policy: Partial<Policy>): Lane =>
  laneWith(
    {
      stage: 'awaiting-approval',
      record: aRecord('awaiting-approval'),
      ...onTheWay(policy),
      expiresAt: at('10:05'),
      remindAt: null,
    },
    published,
  );

export const swappingLane = (swap: Act = looking(swapGoal)): Lane =>
  laneWith({ stage: 'swapping', record: aRecord('swapping'), ...onTheWay({}), swap }, published);

/** 1.1.0 is live, staging holds 1.0.0. */
const wentLive: Partial<Lane> = {
  ...published,
  live: aLive('1.1.0', { liveAt: at('10:00') }),
  previous: aLive('1.0.0'),
  kept: ['1.1.0', '1.0.0', '0.9.0'].map((version) => ({ build: aRef(version), sha256: aRef(version).sha256 })),
};

type Watching = Extract<Deployment, { stage: 'watching' }>;

export const watchingLane = (more: Partial<Watching> = {}, lane: Partial<Lane> = {}): Lane =>
  laneWith(
    {
      stage: 'watching',
      record: aRecord('watching', { liveAt: at('10:00') }),
      ...onTheWay({}),
      until: at('10:05'),
      probe: null,
      extensions: 0,
      stranger: null,
      doubt: null,
      ...more,
    },
    { ...wentLive, ...lane },
  );

export const someEvidence = (verdict: Evidence['verdict'], more: Partial<Evidence> = {}): Evidence => ({
  verdict,
  why: verdict === 'bad' ? 'too many errors' : 'few errors',
  newGroups: [],
  reportsPerMinute: 1,
  before: 1,
  checks: [],
  counted: false,
  ...more,
});

export const awaitingRollback = (): Lane =>
  laneWith(
    {
      stage: 'awaiting-rollback',
      record: aRecord('awaiting-rollback', { liveAt: at('10:00') }),
      ...onTheWay({}),
      expiresAt: at('10:05'),
      why: 'too many errors',
      stranger: null,
    },
    wentLive,
  );

type Back = Extract<Deployment, { stage: 'rolling-back' }>;

export const rollingBackLane = (step: RollingBack, more: Partial<Back> = {}, lane: Partial<Lane> = {}): Lane =>
  laneWith(
    {
      stage: 'rolling-back',
      record: aRecord('rolling-back', { liveAt: at('10:00') }),
      ...common({}),
      former: aLive('1.0.0'),
      bad: identityOf('1.1.0'),
      why: 'too many errors',
      by: null,
      at: step,
      ...more,
    },
    { ...wentLive, ...lane },
  );

export const lookingForTheWayBack = (): Lane => rollingBackLane({ step: 'looking', since: at('10:04'), first: null });
