import { expect, test } from 'vitest';
import type { LaneEvent } from '../../../shared/lane/decision.ts';
import type { Lane } from '../../../shared/lane/lane.ts';
import type { Look } from '../../../shared/lane/look.ts';
import type { IntentId } from '../../../shared/lane/words.ts';
import { accepted, intent, looking, planned, quiet, resetGoal, sending, swapGoal } from '../../builders/act.ts';
import { aRef } from '../../builders/build.ts';
import { decided, moved } from '../../builders/decide.ts';
import {
  approve,
  arrival,
  copied,
  copyRefused,
  done,
  endWatch,
  holdLane,
  refused,
  reject,
  releaseLane,
  retry,
  rollBack,
  settled,
  unknown,
  wake,
} from '../../builders/input.ts';
import { swappingLane } from '../../builders/lane.ts';
import { aLook, identityOf, swappedLook } from '../../builders/look.ts';
import { aPolicy } from '../../builders/policy.ts';
import { aLive, deployment } from '../../builders/record.ts';
import { at } from '../../builders/time.ts';

const looked = (look: Look, of = intent): LaneEvent => settled({ type: 'look', deployment, intent: of }, done(look));
const first = swappedLook({ at: at('10:04:30') });
const oldFirst = aLook({ at: at('10:04:30') });

test.each<{ when: string; event: LaneEvent; becomes: string; lane?: Lane }>([
  { when: 'a newer build arrives', event: arrival('1.2.0'), becomes: 'swapping swap looking; waits 1.2.0' },
  {
    when: 'an older build arrives',
    event: arrival('1.0.5', { number: 99 }),
    becomes: 'ignored: 1.0.5 is older than 1.1.0; a person can command it',
  },
  {
    when: 'the same build arrives',
    event: arrival('1.1.0'),
    becomes: `ignored: 1.1.0 is being deployed already (${deployment})`,
  },
  { when: 'a package was copied', event: copied(), becomes: 'ignored: the package is published already' },
  { when: 'a package was refused', event: copyRefused(), becomes: 'ignored: the package is published already' },
  {
    when: 'a person approves again',
    event: approve(),
    becomes: 'ignored: nothing waits for approval: 1.1.0 is being swapped in',
  },
  {
    when: 'a person rejects it now',
    event: reject(),
    becomes: 'ignored: nothing waits for approval: 1.1.0 is being swapped in',
  },
  { when: 'a person ends a watch', event: endWatch(), becomes: 'ignored: nothing is being watched yet' },
  { when: 'a person retries', event: retry('1.0.0'), becomes: 'ignored: 1.1.0 is being swapped in' },
  { when: 'a person holds', event: holdLane, becomes: 'swapping swap looking; held' },
  { when: 'a person releases', event: releaseLane, becomes: 'ignored: the lane is not on hold' },
  {
    when: 'a person rolls back',
    event: rollBack('1.0.0'),
    becomes: 'ignored: 1.1.0 is being swapped in; roll back when that is over',
  },
  {
    when: 'a person rolls back before anything was sent',
    event: rollBack('1.0.0'),
    lane: swappingLane(planned()),
    becomes: 'rolling-back/looking; 1.1.0 cancelled',
  },
  {
    when: 'a person rolls back while a stuck preview is to be reset',
    event: rollBack('1.0.0'),
    lane: swappingLane(planned(resetGoal())),
    becomes: 'ignored: 1.1.0 is being swapped in; roll back when that is over',
  },
  {
    when: 'a person rejects it before anything was sent',
    event: reject(),
    lane: swappingLane(planned()),
    becomes: 'nothing moves; 1.1.0 cancelled',
  },
  {
    when: 'a person rejects another build of it then',
    event: reject('Ada', '1.0.9'),
    lane: swappingLane(planned()),
    becomes: 'ignored: you saw b-1.0.9; to be swapped in is 1.1.0 (b-1.1.0)',
  },
  {
    when: 'a person rejects another deployment then',
    event: reject('Ada', '1.1.0', 'd-other'),
    lane: swappingLane(planned()),
    becomes: 'ignored: nothing waits for approval',
  },
  {
    when: 'a person rejects it when it was sent',
    event: reject(),
    lane: swappingLane(sending()),
    becomes: 'ignored: nothing waits for approval: 1.1.0 is being swapped in',
  },
  {
    when: 'a person approves what was not sent',
    event: approve(),
    lane: swappingLane(planned()),
    becomes: 'ignored: nothing waits for approval: 1.1.0 is being swapped in',
  },
  { when: 'a stale wake comes', event: wake(6), becomes: 'ignored: a wake of step 6; the lane is at 7' },
  { when: 'the clock comes', event: wake(), becomes: 'swapping swap looking' },
  {
    when: 'a patrol comes back',
    event: settled({ type: 'look', deployment: null, intent: null }, done(aLook())),
    becomes: 'ignored: a deployment is moving now',
  },
  {
    when: 'the look of an earlier act comes',
    event: looked(first, 'd-1.1.0-2' as IntentId),
    becomes: 'ignored: the result of an earlier act',
  },
  {
    when: 'another effect ends',
    event: settled({ type: 'verify', deployment }, done([])),
    becomes: 'ignored: the result of an earlier act',
  },
  {
    when: 'it was refused before it was claimed',
    event: settled({ type: 'act', deployment, intent }, refused),
    lane: swappingLane(planned()),
    becomes: 'nothing moves; 1.1.0 failed',
  },
  {
    when: 'the outcome is unknown',
    event: settled({ type: 'act', deployment, intent }, unknown),
    lane: swappingLane(sending()),
    becomes: 'swapping swap quiet',
  },
  { when: 'the quiet period is over', event: wake(), lane: swappingLane(quiet()), becomes: 'swapping swap looking' },
  {
    when: 'an accepted swap is polled to its end',
    event: settled({ type: 'poll', deployment, intent }, done({ state: 'ended', well: true, because: '200' })),
    lane: swappingLane(accepted()),
    becomes: 'swapping swap looking',
  },
  { when: 'one look shows it', event: looked(swappedLook()), becomes: 'swapping swap looking' },
  {
    when: 'two equal looks show it',
    event: looked(swappedLook()),
    lane: swappingLane(looking(swapGoal, { first })),
    becomes: 'watching',
  },
  {
    when: 'two equal looks show that nothing happened',
    event: looked(aLook()),
    lane: swappingLane(looking(swapGoal, { first: oldFirst })),
    becomes: 'swapping swap planned',
  },
  {
    when: 'nothing happened a second time',
    event: looked(aLook()),
    lane: swappingLane(looking(swapGoal, { first: oldFirst, attempt: 2 })),
    becomes: 'nothing moves; 1.1.0 failed',
  },
  {
    when: 'two equal looks show a stranger',
    event: looked(aLook({ stamp: 'another' })),
    lane: swappingLane(looking(swapGoal, { first: { ...oldFirst, stamp: 'another' } })),
    becomes: 'nothing moves; 1.1.0 needs-human; held',
  },
])('swapping: $when → $becomes', ({ event, becomes, lane = swappingLane() }) => {
  expect(decided(lane, event)).toBe(becomes);
});

test('going live: live, previous, kept copies, marker and record are one decision', () => {
  const kept = ['1.0.0', '0.9.0', '0.8.0', '0.7.0', '0.6.0'].map((version) => ({
    build: aRef(version),
    sha256: aRef(version).sha256,
  }));
  const lane = { ...swappingLane(looking(swapGoal, { first, lastOld: at('10:03') })), kept };
  const { lane: after, effects, records, told } = moved(lane, looked(swappedLook()));
  expect(after.live).toEqual({
    build: aRef('1.1.0'),
    version: '1.1.0',
    identity: identityOf('1.1.0'),
    deployment,
    liveAt: at('10:04:30'),
    asks: { warmUp: aPolicy().warmUp, versionFrom: aPolicy().versionFrom },
  });
  expect(after.previous).toEqual(aLive('1.0.0'));
  expect(after.kept.map(({ build }) => build.version)).toEqual(['1.1.0', '1.0.0', '0.9.0', '0.8.0', '0.7.0']);
  expect(effects).toEqual([
    {
      type: 'record-marker',
      marker: {
        lane: 'shop@production',
        id: `deploy-${deployment}-${at('10:04:30').getTime().toString(36)}`,
        kind: 'deploy',
        version: '1.1.0',
        liveAt: at('10:04:30'),
        switchedBetween: { from: at('10:03'), to: at('10:04:30') },
        deployment,
        build: 'b-1.1.0',
        by: 'Grace',
      },
    },
    { type: 'announce', deployment: aLive('1.0.0').deployment },
    { type: 'announce', deployment },
  ]);
  expect(records).toMatchObject([{ stage: 'watching', liveAt: at('10:04:30') }]);
  expect(after.active).toMatchObject({
    stage: 'watching',
    until: at('10:15'),
    probe: null,
    extensions: 0,
    stranger: null,
  });
  expect(after.wakeAt).toEqual(at('10:05:15'));
  expect(told).toBe('1.1.0 is live; watches it');
});

test('a build that goes live again is kept once', () => {
  const kept = ['1.0.0', '1.1.0'].map((version) => ({ build: aRef(version), sha256: aRef(version).sha256 }));
  const { lane } = moved({ ...swappingLane(looking(swapGoal, { first })), kept }, looked(swappedLook()));
  expect(lane.kept.map(({ build }) => build.version)).toEqual(['1.1.0', '1.0.0']);
});

test('who may not stop a deployment may not reject its swap either', () => {
  const mallory = { ...reject('Mallory'), by: { name: 'Mallory', slackId: 'U-mallory' } } as LaneEvent;
  const asker = { email: 'mallory@shop.example', groups: [], isAuthor: false };
  expect(decided(swappingLane(planned()), mallory, { asker })).toBe(
    'ignored: Mallory is not among the operators of this app',
  );
});

test('what is rejected before it was sent says by whom, and what was asked for is not sent', () => {
  const { records, effects } = moved(swappingLane(planned()), reject());
  expect(records).toMatchObject([
    { outcome: 'cancelled', why: 'Ada rejected it before its swap was sent: not on a Friday' },
  ]);
  expect(effects).toEqual([{ type: 'announce', deployment }]);
});

test('a swap that failed says that production is untouched', () => {
  const { records, lane } = moved(swappingLane(planned()), settled({ type: 'act', deployment, intent }, refused));
  expect(records).toMatchObject([{ outcome: 'failed', why: 'forbidden; production is untouched' }]);
  expect(lane.live).toEqual(aLive('1.0.0'));
});
