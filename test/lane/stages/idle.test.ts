import { describe, expect, test } from 'vitest';
import type { LaneEvent } from '../../../shared/lane/decision.ts';
import type { Lane } from '../../../shared/lane/lane.ts';
import type { Look } from '../../../shared/lane/look.ts';
import { aBuild } from '../../builders/build.ts';
import { decided, moved, someFacts } from '../../builders/decide.ts';
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
  rollBack,
  settled,
  unknown,
  wake,
} from '../../builders/input.ts';
import { idleLane } from '../../builders/lane.ts';
import { aLook, holding, identityOf } from '../../builders/look.ts';
import { aPolicy } from '../../builders/policy.ts';
import { at, later } from '../../builders/time.ts';

const patrol = (look: Partial<Look> = {}): LaneEvent =>
  settled({ type: 'look', deployment: null, intent: null }, done(aLook(look)));
const held = (more: Partial<Lane> = {}) =>
  idleLane({ hold: { by: 'Ada', because: 'Christmas', since: at('09:00') }, ...more });

test.each<{ when: string; event: LaneEvent; becomes: string }>([
  { when: 'a newer build arrives', event: arrival('1.1.0'), becomes: 'staging/looking' },
  {
    when: 'an older build arrives',
    event: arrival('0.9.5'),
    becomes: 'ignored: 0.9.5 is older than 1.0.0; a person can command it',
  },
  { when: 'the live build arrives again', event: arrival('1.0.0'), becomes: 'ignored: 1.0.0 is live already' },
  { when: 'the clock comes', event: wake(), becomes: 'nothing moves' },
  { when: 'a stale wake comes', event: wake(6), becomes: 'ignored: a wake of step 6; the lane is at 7' },
  { when: 'a package was copied', event: copied(), becomes: 'ignored: no deployment waits for a package' },
  { when: 'a package was refused', event: copyRefused(), becomes: 'ignored: no deployment waits for a package' },
  { when: 'a person approves', event: approve(), becomes: 'ignored: nothing waits for approval' },
  { when: 'a person rejects', event: reject(), becomes: 'ignored: nothing waits for approval' },
  { when: 'a person ends a watch', event: endWatch(), becomes: 'ignored: nothing is being watched' },
  { when: 'a person rolls back', event: rollBack('1.0.0'), becomes: 'rolling-back/looking' },
  { when: 'a person holds', event: holdLane, becomes: 'nothing moves; held' },
  { when: 'a person releases', event: releaseLane, becomes: 'ignored: the lane is not on hold' },
  { when: 'the patrol sees what we know', event: patrol(), becomes: 'ignored: production holds what we know' },
  { when: 'the patrol sees another build', event: patrol({ production: holding('2.0.0') }), becomes: 'nothing moves' },
  {
    when: 'the patrol sees an operation',
    event: patrol({ operation: 'op', production: holding('2.0.0') }),
    becomes: 'nothing moves',
  },
  {
    when: 'the patrol was refused',
    event: settled({ type: 'look', deployment: null, intent: null }, refused),
    becomes: 'ignored: the site could not be looked at: forbidden',
  },
  {
    when: 'how the patrol ended is unknown',
    event: settled({ type: 'look', deployment: null, intent: null }, unknown),
    becomes: 'ignored: the site could not be looked at: the connection was reset',
  },
  {
    when: 'the look of an ended deployment comes',
    event: settled({ type: 'look', deployment: moved(idleLane(), arrival('1.1.0')).deployment, intent: null }, refused),
    becomes: 'ignored: its deployment has ended',
  },
  {
    when: 'another effect of an ended deployment comes',
    event: settled({ type: 'announce', deployment: null }, done(null)),
    becomes: 'ignored: its deployment has ended',
  },
])('idle: $when → $becomes', ({ event, becomes }) => {
  expect(decided(idleLane(), event)).toBe(becomes);
});

describe('on hold', () => {
  test.each<{ when: string; event: LaneEvent; becomes: string }>([
    { when: 'a newer build arrives', event: arrival('1.1.0'), becomes: 'nothing moves; waits 1.1.0; held' },
    { when: 'a person holds again', event: holdLane, becomes: 'ignored: on hold already, by Ada: Christmas' },
    { when: 'a person releases', event: releaseLane, becomes: 'nothing moves' },
    { when: 'a person rolls back', event: rollBack('1.0.0'), becomes: 'rolling-back/looking; held' },
  ])('$when → $becomes', ({ event, becomes }) => {
    expect(decided(held(), event)).toBe(becomes);
  });

  test('what waited starts when the lane is released', () => {
    const { lane } = moved(held(), arrival('1.1.0'));
    expect(decided(lane, releaseLane)).toBe('staging/looking');
  });

  test('what waited is only observed when the owner has turned to observing meanwhile, one after the other', () => {
    const first = moved(held(), arrival('1.1.0'), { policy: aPolicy({ arrivals: { mode: 'queue', limit: 2 } }) });
    const both = moved(first.lane, arrival('1.2.0'), { policy: aPolicy({ arrivals: { mode: 'queue', limit: 2 } }) });
    const observing = { policy: aPolicy({ mode: 'observe' }) };
    const released = moved(both.lane, releaseLane, observing);
    expect(released.lane.queue.map(({ build }) => build.version)).toEqual(['1.2.0']);
    expect(released.records).toMatchObject([{ stage: 'done', outcome: 'observed', build: { version: '1.1.0' } }]);
    expect(released.lane.wakeAt).toEqual(later(at('10:05'), 5_000));
    const next = moved(released.lane, wake(released.lane.step), observing);
    expect(next.records).toMatchObject([{ outcome: 'observed', build: { version: '1.2.0' } }]);
    expect(next.lane).toMatchObject({ active: null, queue: [] });
  });
});

test('a patrol is a look, and the next one is due', () => {
  const { lane, effects, told } = moved(idleLane(), wake());
  expect(effects).toEqual([{ type: 'look', deployment: null, intent: null }]);
  expect(lane.wakeAt).toEqual(at('10:10'));
  expect(told).toBe('');
});

test('what is to be told later brings the clock forward, and is no patrol', () => {
  const patrolled = moved(idleLane(), wake()).lane;
  expect(patrolled.patrolAt).toEqual(at('10:10'));
  const early = moved({ ...patrolled, wakeAt: at('10:06') }, wake(patrolled.step), { now: at('10:06') });
  expect(early).toMatchObject({ effects: [], lane: { wakeAt: at('10:10') } });
  const due = moved(early.lane, wake(early.lane.step), { now: at('10:10') });
  expect(due).toMatchObject({ effects: [{ type: 'look' }], lane: { wakeAt: at('10:15'), patrolAt: at('10:15') } });
});

test('what patrol has seen once is looked at again after the gap, and forgotten when it is gone', () => {
  const seen = moved(idleLane(), patrol({ production: holding('2.0.0') }));
  expect(seen.lane).toMatchObject({
    suspicion: { identity: identityOf('2.0.0'), at: at('10:05') },
    wakeAt: at('10:05:15'),
    live: { version: '1.0.0' },
  });
  const gone = moved(seen.lane, patrol());
  expect(gone.lane.suspicion).toBeNull();
});

test('while an operation is in progress nothing is concluded, and the patrol comes back for its end', () => {
  const seen = moved(idleLane(), patrol({ operation: 'op', production: holding('2.0.0') }));
  expect(seen).toMatchObject({ effects: [], told: '', lane: { suspicion: null, wakeAt: at('10:05:15') } });
  expect(moved(seen.lane, wake(seen.lane.step), { now: at('10:05:15') }).effects).toMatchObject([{ type: 'look' }]);
});

test('a started deployment looks at the site first, and its row says where it stands', () => {
  const { lane, effects, records, newBuild, told, deployment } = moved(idleLane(), arrival('1.1.0'));
  const id = lane.active?.record.id;
  expect(id).toBe('0mm90ix9c-0a1b2c3d');
  expect(effects).toEqual([
    { type: 'announce', deployment: id },
    { type: 'look', deployment: id, intent: null },
  ]);
  expect(records).toMatchObject([{ id, stage: 'staging', from: '1.0.0', requestedBy: 'Grace', slackChannel: '#shop' }]);
  expect(records[0]?.stages).toEqual([
    { stage: 'queued', at: at('10:05') },
    { stage: 'staging', at: at('10:05') },
  ]);
  expect(newBuild).toEqual(aBuild('1.1.0'));
  expect(told).toBe('1.1.0 is queued; 1.1.0 starts; looks at the site');
  expect(deployment).toBe(id);
  expect(lane.wakeAt).toEqual(later(at('10:05'), someFacts().timing.pollThenMs));
});
