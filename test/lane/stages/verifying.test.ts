import { expect, test } from 'vitest';
import type { LaneEvent } from '../../../shared/lane/decision.ts';
import type { CheckResult } from '../../../shared/lane/lane.ts';
import type { DeploymentId } from '../../../shared/lane/words.ts';
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
import { verifyingLane } from '../../builders/lane.ts';
import { aLook, identityOf } from '../../builders/look.ts';
import { byAda } from '../../builders/policy.ts';
import { deployment } from '../../builders/record.ts';
import { at, later } from '../../builders/time.ts';

const check = (name: string, ok: boolean): CheckResult => ({
  name,
  ok,
  status: ok ? 200 : 500,
  latencyMs: 20,
  why: ok ? 'as expected' : 'answered 500',
});
const good = [check('home', true), check('basket', true)];
const bad = [check('home', true), check('basket', false)];
const checked = (checks: CheckResult[], of = deployment): LaneEvent =>
  settled({ type: 'verify', deployment: of }, done(checks));

test.each<{ when: string; event: LaneEvent; becomes: string; policy?: Parameters<typeof verifyingLane>[0] }>([
  { when: 'a newer build arrives', event: arrival('1.2.0'), becomes: 'verifying; waits 1.2.0' },
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
  { when: 'the clock comes', event: wake(), becomes: 'verifying' },
  { when: 'a stale wake comes', event: wake(6), becomes: 'ignored: a wake of step 6; the lane is at 7' },
  { when: 'all is well', event: checked(good), becomes: 'swapping swap planned' },
  { when: 'nothing is checked', event: checked([]), becomes: 'swapping swap planned' },
  { when: 'one check fails', event: checked(bad), becomes: 'nothing moves; 1.1.0 failed' },
  {
    when: 'all is well in mode stage',
    event: checked(good),
    policy: { mode: 'stage' },
    becomes: 'nothing moves; 1.1.0 staged',
  },
  {
    when: 'all is well and a person has to agree',
    event: checked(good),
    policy: { approval: byAda },
    becomes: 'awaiting-approval',
  },
  {
    when: 'the checks of another deployment come',
    event: checked(good, 'd-other' as DeploymentId),
    becomes: 'ignored: the checks are being asked',
  },
  {
    when: 'the checks could not be asked',
    event: settled({ type: 'verify', deployment }, refused),
    becomes: 'nothing moves; 1.1.0 failed',
  },
  {
    when: 'how asking ended is unknown',
    event: settled({ type: 'verify', deployment }, unknown),
    becomes: 'nothing moves; 1.1.0 failed',
  },
  {
    when: 'another effect ends',
    event: settled({ type: 'warm', deployment, expects: identityOf('1.1.0') }, refused),
    becomes: 'ignored: the checks are being asked',
  },
  {
    when: 'a patrol comes back',
    event: settled({ type: 'look', deployment: null, intent: null }, done(aLook())),
    becomes: 'ignored: a deployment is moving now',
  },
  {
    when: 'a person approves',
    event: approve(),
    becomes: 'ignored: nothing waits for approval: 1.1.0 is being verified',
  },
  {
    when: 'a person rejects',
    event: reject(),
    becomes: 'ignored: nothing waits for approval: 1.1.0 is being verified',
  },
  { when: 'a person ends a watch', event: endWatch(), becomes: 'ignored: nothing is being watched yet' },
  { when: 'a person retries', event: retry('1.0.0'), becomes: 'ignored: 1.1.0 is being verified' },
  { when: 'a person holds', event: holdLane, becomes: 'verifying; held' },
  { when: 'a person releases', event: releaseLane, becomes: 'ignored: the lane is not on hold' },
  { when: 'a person rolls back', event: rollBack('1.0.0'), becomes: 'rolling-back/looking; 1.1.0 cancelled' },
  {
    when: 'a person who saw another build rolls back',
    event: rollBack('1.1.0'),
    becomes: 'ignored: you saw b-1.1.0 live; live is 1.0.0 (b-1.0.0)',
  },
])('verifying: $when → $becomes', ({ event, becomes, policy = {} }) => {
  expect(decided(verifyingLane(policy), event)).toBe(becomes);
});

test('a failed check is named, and all answers are kept', () => {
  const { records } = moved(verifyingLane(), checked(bad));
  expect(records).toMatchObject([{ outcome: 'failed', why: 'basket: answered 500', checks: bad }]);
});

test('the swap is planned towards exactly what was verified, from exactly what was live', () => {
  const { lane, effects, records, told } = moved(verifyingLane(), checked(good));
  expect(lane.active).toMatchObject({
    swap: {
      step: 'planned',
      attempt: 1,
      goal: { kind: 'swap', goal: identityOf('1.1.0'), former: identityOf('1.0.0') },
    },
  });
  expect(effects).toEqual([
    { type: 'act', deployment, intent: `${deployment}-4` },
    { type: 'announce', deployment },
  ]);
  expect(records).toMatchObject([{ stage: 'swapping', checks: good }]);
  expect(told).toBe('verified; swaps');
});

test('each wake asks the checks once', () => {
  const asking = { type: 'verify', deployment } as const;
  expect(moved(verifyingLane(), wake()).effects).toEqual([asking]);
  expect(moved(verifyingLane(), wake(), { pending: [asking] }).effects).toEqual([]);
});

test('what was approved already goes live once it is verified again', () => {
  const lane = verifyingLane({ approval: byAda });
  const { active } = lane;
  if (active?.stage !== 'verifying') throw new Error('it does not verify');
  const approved = { ...lane, active: { ...active, record: { ...active.record, approvedBy: 'Ada' } } };
  expect(decided(approved, checked(good))).toBe('swapping swap planned');
  expect(decided(approved, checked(bad))).toBe('nothing moves; 1.1.0 failed');
});

test('approval is waited for until it expires', () => {
  expect(moved(verifyingLane({ approval: byAda }), checked(good)).lane).toMatchObject({
    wakeAt: at('12:05'),
    active: { expiresAt: at('12:05') },
  });
});

test.each([
  { asked: 'half an hour before the end', remindBeforeMs: 1_800_000, first: 5_400_000 },
  { asked: 'earlier than the wait itself begins', remindBeforeMs: 9_000_000, first: 7_200_000 },
])('a reminder $asked: the clock is set to what comes first', ({ remindBeforeMs, first }) => {
  const { lane } = moved(verifyingLane({ approval: { ...byAda, remindBeforeMs } }), checked(good));
  expect(lane.wakeAt).toEqual(later(at('10:05'), first));
});
