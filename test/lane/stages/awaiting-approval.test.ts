import { expect, test } from 'vitest';
import type { LaneEvent } from '../../../shared/lane/decision.ts';
import type { Lane } from '../../../shared/lane/lane.ts';
import type { Policy } from '../../../shared/lane/policy.ts';
import { decided, moved } from '../../builders/decide.ts';
import {
  approve,
  arrival,
  copied,
  copyRefused,
  done,
  endWatch,
  holdLane,
  reject,
  releaseLane,
  retry,
  rollBack,
  settled,
  wake,
} from '../../builders/input.ts';
import { awaitingApproval } from '../../builders/lane.ts';
import { aLook, identityOf } from '../../builders/look.ts';
import { byAda } from '../../builders/policy.ts';
import { deployment } from '../../builders/record.ts';
import { at } from '../../builders/time.ts';

const anybody: Policy['approval'] = { ...byAda, approvers: ['Ada', 'Grace', 'Linus'] };
const evenOwn: Policy['approval'] = { ...anybody, mayApproveOwn: true };

test.each<{ when: string; event: LaneEvent; becomes: string; approval?: Policy['approval']; now?: Date }>([
  { when: 'the approver approves', event: approve('Ada'), becomes: 'warming' },
  {
    when: 'the approver approves too late',
    event: approve('Ada'),
    now: at('10:05'),
    becomes: 'ignored: the time to approve is over',
  },
  { when: 'somebody else approves', event: approve('Mallory'), becomes: 'ignored: Mallory is not among the approvers' },
  {
    when: 'the author approves their own',
    event: approve('Grace'),
    becomes: 'ignored: Grace may not approve their own change',
  },
  {
    when: 'anybody may, and somebody approves',
    event: approve('Linus'),
    approval: anybody,
    becomes: 'warming',
  },
  {
    when: 'anybody may, and the author approves',
    event: approve('Grace'),
    approval: anybody,
    becomes: 'ignored: Grace may not approve their own change',
  },
  {
    when: 'anybody may approve even their own',
    event: approve('Grace'),
    approval: evenOwn,
    becomes: 'warming',
  },
  {
    when: 'the click is for an older build',
    event: approve('Ada', '1.0.5'),
    becomes: `ignored: you saw b-1.0.5 in ${deployment}; waiting for approval is 1.1.0 (b-1.1.0) in ${deployment}`,
  },
  {
    when: 'the click is for another deployment',
    event: approve('Ada', '1.1.0', 'd-other'),
    becomes: `ignored: you saw b-1.1.0 in d-other; waiting for approval is 1.1.0 (b-1.1.0) in ${deployment}`,
  },
  { when: 'a person rejects', event: reject(), becomes: 'nothing moves; 1.1.0 rejected' },
  {
    when: 'a person rejects an older build',
    event: reject('Ada', '1.0.5'),
    becomes: `ignored: you saw b-1.0.5 in ${deployment}; waiting for approval is 1.1.0 (b-1.1.0) in ${deployment}`,
  },
  { when: 'the clock comes early', event: wake(), becomes: 'awaiting-approval' },
  { when: 'nobody answers', event: wake(), now: at('10:05'), becomes: 'nothing moves; 1.1.0 expired' },
  {
    when: 'a stale wake comes',
    event: wake(6),
    now: at('10:05'),
    becomes: 'ignored: a wake of step 6; the lane is at 7',
  },
  { when: 'a newer build arrives', event: arrival('1.2.0'), becomes: 'awaiting-approval; waits 1.2.0' },
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
    when: 'a late effect ends',
    event: settled({ type: 'verify', deployment }, done([])),
    becomes: 'ignored: a person is waited for',
  },
  {
    when: 'a patrol comes back',
    event: settled({ type: 'look', deployment: null, intent: null }, done(aLook())),
    becomes: 'ignored: a deployment is moving now',
  },
  { when: 'a person ends a watch', event: endWatch(), becomes: 'ignored: nothing is being watched yet' },
  { when: 'a person retries', event: retry('1.0.0'), becomes: 'ignored: 1.1.0 waits for approval' },
  { when: 'a person holds', event: holdLane, becomes: 'awaiting-approval; held' },
  { when: 'a person releases', event: releaseLane, becomes: 'ignored: the lane is not on hold' },
  { when: 'a person rolls back', event: rollBack('1.0.0'), becomes: 'rolling-back/looking; 1.1.0 cancelled' },
])('awaiting approval: $when → $becomes', ({ event, becomes, approval = byAda, now = at('10:04') }) => {
  expect(decided(awaitingApproval({ approval }), event, { now })).toBe(becomes);
});

test('who approved is kept, and what was verified then is warmed and asked again now', () => {
  const { records, lane, effects } = moved(awaitingApproval({ approval: byAda }), approve('Ada'), { now: at('10:04') });
  expect(records).toMatchObject([{ stage: 'warming', approvedBy: 'Ada' }]);
  expect(lane.active).toMatchObject({ inARow: 0, deadline: at('10:09'), goal: identityOf('1.1.0') });
  expect(effects).toContainEqual({ type: 'warm', deployment, expects: identityOf('1.1.0') });
});

test('who rejected it is said, with the reason', () => {
  const { records } = moved(awaitingApproval({ approval: byAda }), reject('Ada'), { now: at('10:04') });
  expect(records).toMatchObject([{ outcome: 'rejected', why: 'Ada rejected it: not on a Friday' }]);
});

test('an early wake sets the clock again and says nothing', () => {
  const { lane, told } = moved(awaitingApproval({ approval: byAda }), wake(), { now: at('10:04') });
  expect(lane).toMatchObject({ wakeAt: at('10:05'), step: 8 });
  expect(told).toBe('');
});

/** Waiting until 10:05, with a reminder due at 10:00. */
function reminded(): Lane {
  const lane = awaitingApproval({ approval: byAda });
  const { active } = lane;
  if (active?.stage !== 'awaiting-approval') throw new Error('nothing waits for approval');
  return { ...lane, active: { ...active, remindAt: at('10:00') } };
}

test.each([
  { when: 'the clock comes before the reminder is due', now: at('09:59'), wakeAt: at('10:00'), told: [] },
  {
    when: 'the reminder is due',
    now: at('10:00'),
    wakeAt: at('10:05'),
    told: [{ type: 'announce', deployment }],
  },
])('$when: who may approve is reminded once, and the wait goes on', ({ now, wakeAt, told }) => {
  const { lane, effects } = moved(reminded(), wake(), { now });
  expect(lane).toMatchObject({ wakeAt, active: { stage: 'awaiting-approval' } });
  expect(effects).toEqual(told);
});
