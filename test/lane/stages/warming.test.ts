import { expect, test } from 'vitest';
import type { LaneEvent } from '../../../shared/lane/decision.ts';
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
import { warmingLane } from '../../builders/lane.ts';
import { aLook, identityOf } from '../../builders/look.ts';
import { deployment } from '../../builders/record.ts';
import { at } from '../../builders/time.ts';

const warm = (isWarm: boolean, of = deployment): LaneEvent =>
  settled(
    { type: 'warm', deployment: of, expects: identityOf('1.1.0') },
    done({ warm: isWarm, why: `/health answered ${isWarm ? 200 : 503}` }),
  );
const asking = { type: 'warm', deployment, expects: identityOf('1.1.0') } as const;

test.each<{ when: string; event: LaneEvent; becomes: string; inARow?: number; now?: Date }>([
  { when: 'a newer build arrives', event: arrival('1.2.0'), becomes: 'warming; waits 1.2.0' },
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
  { when: 'the clock comes', event: wake(), becomes: 'warming' },
  {
    when: 'the clock comes after the deadline',
    event: wake(),
    now: at('10:05:01'),
    becomes: 'warming',
  },
  { when: 'it is warm after the deadline', event: warm(true), now: at('10:05:01'), becomes: 'warming' },
  {
    when: 'it is warm often enough after the deadline',
    event: warm(true),
    inARow: 2,
    now: at('10:05:01'),
    becomes: 'verifying',
  },
  {
    when: 'it is cold after the deadline',
    event: warm(false),
    inARow: 2,
    now: at('10:05:01'),
    becomes: 'nothing moves; 1.1.0 failed',
  },
  { when: 'a stale wake comes', event: wake(6), becomes: 'ignored: a wake of step 6; the lane is at 7' },
  { when: 'it is warm once', event: warm(true), becomes: 'warming' },
  { when: 'it is warm often enough', event: warm(true), inARow: 2, becomes: 'verifying' },
  { when: 'it is cold again', event: warm(false), inARow: 2, becomes: 'warming' },
  {
    when: 'another deployment is warm',
    event: warm(true, 'd-other' as DeploymentId),
    inARow: 2,
    becomes: 'ignored: the slot is being warmed',
  },
  { when: 'the slot could not be asked', event: settled(asking, refused), becomes: 'nothing moves; 1.1.0 failed' },
  { when: 'how asking ended is unknown', event: settled(asking, unknown), becomes: 'nothing moves; 1.1.0 failed' },
  {
    when: 'another effect ends',
    event: settled({ type: 'verify', deployment }, done([])),
    becomes: 'ignored: the slot is being warmed',
  },
  {
    when: 'a patrol comes back',
    event: settled({ type: 'look', deployment: null, intent: null }, done(aLook())),
    becomes: 'ignored: a deployment is moving now',
  },
  {
    when: 'a person approves',
    event: approve(),
    becomes: 'ignored: nothing waits for approval: 1.1.0 is being warmed',
  },
  { when: 'a person rejects', event: reject(), becomes: 'ignored: nothing waits for approval: 1.1.0 is being warmed' },
  { when: 'a person ends a watch', event: endWatch(), becomes: 'ignored: nothing is being watched yet' },
  { when: 'a person retries', event: retry('1.0.0'), becomes: 'ignored: 1.1.0 is being warmed' },
  { when: 'a person holds', event: holdLane, becomes: 'warming; held' },
  { when: 'a person releases', event: releaseLane, becomes: 'ignored: the lane is not on hold' },
  { when: 'a person rolls back', event: rollBack('1.0.0'), becomes: 'rolling-back/looking; 1.1.0 cancelled' },
  {
    when: 'a person who saw another build rolls back',
    event: rollBack('1.1.0'),
    becomes: 'ignored: you saw b-1.1.0 live; live is 1.0.0 (b-1.0.0)',
  },
])('warming: $when → $becomes', ({ event, becomes, inARow = 0, now = at('10:05') }) => {
  expect(decided(warmingLane(inARow), event, { now })).toBe(becomes);
});

test.each([
  { answer: true, before: 0, after: 1, why: 'warm 1 of 3' },
  { answer: true, before: 1, after: 2, why: 'warm 2 of 3' },
  { answer: false, before: 2, after: 0, why: '/health answered 503' },
])('the answers in a row are counted: $before, $answer → $after', ({ answer, before, after, why }) => {
  const { lane, effects } = moved(warmingLane(before), warm(answer));
  expect(lane.active).toMatchObject({ inARow: after, record: { why } });
  expect(lane.wakeAt).toEqual(at('10:05:02'));
  expect(effects).toEqual([]);
});

test('each wake asks once', () => {
  expect(moved(warmingLane(), wake()).effects).toEqual([asking]);
  expect(moved(warmingLane(), wake(), { pending: [asking] }).effects).toEqual([]);
});

test('after the deadline it is asked once more, for the time may have passed without us; what is still unanswered then is given up', () => {
  expect(moved(warmingLane(), wake(), { now: at('10:06') }).effects).toEqual([asking]);
  expect(decided(warmingLane(), wake(), { now: at('10:06'), pending: [asking] })).toBe('nothing moves; 1.1.0 failed');
});

test('what was not warm in time says what it answered last', () => {
  const { records } = moved(warmingLane(), warm(false), { now: at('10:06') });
  expect(records).toMatchObject([{ stage: 'done', outcome: 'failed', why: 'not warm in time: /health answered 503' }]);
});

test('what was approved and is not warm any more needs a person: the slot may hold what somebody else put there', () => {
  const lane = warmingLane();
  const { active } = lane;
  if (active?.stage !== 'warming') throw new Error('it does not warm');
  const approved = { ...lane, active: { ...active, record: { ...active.record, approvedBy: 'Ada' } } };
  const { records, lane: after } = moved(approved, warm(false), { now: at('10:05:01') });
  expect(records).toMatchObject([{ outcome: 'needs-human', why: 'not warm in time: /health answered 503' }]);
  expect(after.hold).toMatchObject({ by: 'warmswap' });
});
