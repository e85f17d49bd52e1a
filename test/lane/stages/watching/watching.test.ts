import { expect, test } from 'vitest';
import type { LaneEvent } from '../../../../shared/lane/decision.ts';
import type { Lane } from '../../../../shared/lane/lane.ts';
import { decided, moved } from '../../../builders/decide.ts';
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
  wake,
} from '../../../builders/input.ts';
import { watchingLane } from '../../../builders/lane.ts';
import { holding, silent } from '../../../builders/look.ts';
import { deployment } from '../../../builders/record.ts';
import { at } from '../../../builders/time.ts';
import { asking, contract, judged, looked, other, probe } from './watched.ts';

const noRollback = 'ignored: you saw b-1.0.0 live; live is 1.1.0 (b-1.1.0)';

test.each<{ when: string; event: LaneEvent; becomes: string; lane?: Lane; now?: Date }>([
  { when: 'a newer build arrives', event: arrival('1.2.0'), becomes: 'watching; waits 1.2.0' },
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
  { when: 'a person approves', event: approve(), becomes: 'ignored: nothing waits for approval: 1.1.0 is live' },
  { when: 'a person rejects', event: reject(), becomes: 'ignored: nothing waits for approval: 1.1.0 is live' },
  { when: 'a person retries', event: retry('1.1.0'), becomes: 'ignored: 1.1.0 is live' },
  { when: 'a person holds', event: holdLane, becomes: 'watching; held' },
  { when: 'a person releases', event: releaseLane, becomes: 'ignored: the lane is not on hold' },
  { when: 'a person rolls back', event: rollBack('1.1.0'), becomes: 'rolling-back/looking' },
  { when: 'a person who saw another build rolls back', event: rollBack('1.0.0'), becomes: noRollback },
  { when: 'a person ends the watch', event: endWatch(), becomes: 'nothing moves; 1.1.0 live' },
  {
    when: 'a person ends another watch',
    event: endWatch('1.1.0', 'd-other'),
    becomes: `ignored: you named d-other; watched is ${deployment}`,
  },
  { when: 'a person who saw another build ends the watch', event: endWatch('1.0.0'), becomes: noRollback },
  { when: 'the clock comes', event: wake(), becomes: 'watching' },
  { when: 'a stale wake comes', event: wake(6), becomes: 'ignored: a wake of step 6; the lane is at 7' },
  { when: 'production holds what went live', event: looked(), becomes: 'ignored: production holds what went live' },
  {
    when: 'production does not answer',
    event: looked({ production: silent('1.1.0') }),
    becomes: 'ignored: production holds what went live',
  },
  {
    when: 'an operation is in progress',
    event: looked({ operation: 'op', production: holding('2.0.0') }),
    becomes: 'ignored: production holds what went live',
  },
  { when: 'production holds another', event: looked({ production: holding('2.0.0') }), becomes: 'watching' },
  {
    when: 'production could not be looked at',
    event: settled({ type: 'look', deployment, intent: null }, refused),
    becomes: 'ignored: production could not be looked at',
  },
  {
    when: 'the look of another deployment comes',
    event: settled({ type: 'look', deployment: other, intent: null }, refused),
    becomes: 'ignored: the new version is being watched',
  },
  {
    when: 'a patrol comes back',
    event: settled({ type: 'look', deployment: null, intent: null }, refused),
    becomes: 'ignored: a deployment is moving now',
  },
  {
    when: 'another effect ends',
    event: settled({ type: 'verify', deployment }, done([])),
    becomes: 'ignored: the new version is being watched',
  },
  {
    when: 'the verdict on another deployment comes',
    event: judged('bad', {}, other),
    becomes: 'ignored: the new version is being watched',
  },
  { when: 'it is bad', event: judged('bad'), becomes: 'rolling-back/looking' },
  {
    when: 'it is bad before the watch is over',
    event: judged('bad'),
    now: at('10:01'),
    becomes: 'rolling-back/looking',
  },
  {
    when: 'it is bad and the policy asks',
    event: judged('bad'),
    lane: watchingLane({ policy: asking }),
    becomes: 'awaiting-rollback',
  },
  {
    when: 'it is bad and contracts the schema',
    event: judged('bad'),
    lane: watchingLane({ build: contract }),
    becomes: 'awaiting-rollback',
  },
  { when: 'it is good so far', event: judged('so-far-good'), now: at('10:01'), becomes: 'watching' },
  { when: 'it is good to the end', event: judged('so-far-good'), becomes: 'watching' },
  {
    when: 'it is good and counted',
    event: judged('good', { counted: true }),
    lane: watchingLane({ probe }),
    becomes: 'nothing moves; 1.1.0 live',
  },
  {
    when: 'it is good and not counted',
    event: judged('so-far-good'),
    lane: watchingLane({ probe }),
    becomes: 'watching',
  },
  {
    when: 'it is never counted',
    event: judged('so-far-good'),
    lane: watchingLane({ probe, extensions: 4 }),
    becomes: 'nothing moves; 1.1.0 live',
  },
  {
    when: 'checks cannot be asked to the last',
    event: judged('inconclusive', { counted: true }),
    lane: watchingLane({ probe, extensions: 4 }),
    becomes: 'nothing moves; 1.1.0 live',
  },
  {
    when: 'checks cannot be asked',
    event: judged('inconclusive', { counted: true }),
    lane: watchingLane({ probe }),
    becomes: 'watching',
  },
])('watching: $when → $becomes', ({ event, becomes, lane = watchingLane(), now = at('10:05') }) => {
  expect(decided(lane, event, { now })).toBe(becomes);
});

test('each wake looks at production and judges, once', () => {
  const effects = [{ type: 'look', deployment, intent: null } as const, { type: 'judge', deployment } as const];
  expect(moved(watchingLane(), wake())).toMatchObject({ effects, lane: { wakeAt: at('10:05:15') } });
  expect(moved(watchingLane(), wake(), { pending: effects }).effects).toEqual([]);
});

test('ending the watch lets in what waits', () => {
  const { lane } = moved(watchingLane(), arrival('1.2.0'));
  expect(decided(lane, endWatch())).toBe('staging/looking; 1.1.0 live');
});
