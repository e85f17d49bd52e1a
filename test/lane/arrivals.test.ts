import { describe, expect, test } from 'vitest';
import { isNewer } from '../../shared/lane/arrivals.ts';
import type { Facts } from '../../shared/lane/decision.ts';
import type { Lane } from '../../shared/lane/lane.ts';
import type { Policy } from '../../shared/lane/policy.ts';
import type { Build, DeploymentId } from '../../shared/lane/words.ts';
import { aBuild, aRef } from '../builders/build.ts';
import { decided, moved, someFacts } from '../builders/decide.ts';
import { arrival } from '../builders/input.ts';
import { idleLane, verifyingLane } from '../builders/lane.ts';
import { aPolicy } from '../builders/policy.ts';
import { aLive } from '../builders/record.ts';
import { at, later } from '../builders/time.ts';

describe('which of two builds is newer', () => {
  const base = { number: 7, finishedAt: at('09:00'), arrivedAt: at('09:01') };
  test.each<{ than: string; a: Partial<Build>; b: Partial<Build>; newer: boolean }>([
    { than: 'a higher number', a: { ...base, number: 8 }, b: base, newer: true },
    { than: 'a lower number', a: { ...base, number: 6 }, b: base, newer: false },
    {
      than: 'a higher number that was finished earlier',
      a: { ...base, number: 8, finishedAt: at('08:00') },
      b: base,
      newer: true,
    },
    { than: 'equal numbers, finished later', a: { ...base, finishedAt: at('09:00:01') }, b: base, newer: true },
    { than: 'equal numbers, finished earlier', a: { ...base, finishedAt: at('08:59') }, b: base, newer: false },
    { than: 'equal in all but the arrival, later', a: { ...base, arrivedAt: at('09:02') }, b: base, newer: true },
    { than: 'equal in all but the arrival, earlier', a: { ...base, arrivedAt: at('09:00:30') }, b: base, newer: false },
    { than: 'itself', a: base, b: base, newer: false },
    {
      than: 'a higher number of another definition, finished earlier',
      a: { ...base, number: 8, definition: 'nightly', finishedAt: at('08:00') },
      b: base,
      newer: false,
    },
    {
      than: 'a lower number of another definition, finished later',
      a: { ...base, number: 6, definition: 'nightly', finishedAt: at('10:00') },
      b: base,
      newer: true,
    },
    {
      than: 'a higher number of another source, finished earlier',
      a: { ...base, number: 8, source: 'https://other.example', finishedAt: at('08:00') },
      b: base,
      newer: false,
    },
    {
      than: 'without a number, finished later',
      a: { ...base, number: undefined, finishedAt: at('10:00') },
      b: base,
      newer: true,
    },
    {
      than: 'numbered, against none, finished earlier',
      a: { ...base, finishedAt: at('08:00') },
      b: { ...base, number: undefined },
      newer: false,
    },
    { than: 'number 10 against 9, not as text', a: { ...base, number: 10 }, b: { ...base, number: 9 }, newer: true },
  ])('$than: $newer', ({ a, b, newer }) => {
    expect(isNewer(aRef('1.1.0', a), aRef('1.1.0', b))).toBe(newer);
  });
});

describe('what is refused, and why', () => {
  const quarantined: Partial<Facts> = {
    known: {
      build: aBuild('1.2.0'),
      quarantined: { because: 'too many errors', at: at('09:30'), deployment: 'd-1' as DeploymentId },
    },
  };
  const waiting = (): Lane => moved(verifyingLane(), arrival('1.3.0')).lane;
  const refusing = { policy: aPolicy({ arrivals: { mode: 'refuse' } }) };

  test.each<{
    when: string;
    lane?: Lane;
    version?: string;
    more?: Partial<Build>;
    facts?: Partial<Facts>;
    becomes: string;
  }>([
    { when: 'it is quarantined', facts: quarantined, becomes: 'ignored: 1.2.0 is quarantined: too many errors' },
    {
      when: 'it was seen before and is not quarantined',
      facts: { known: { build: aBuild('1.2.0'), quarantined: null } },
      becomes: 'staging/looking',
    },
    {
      when: 'it was finished more than 30 days ago',
      more: { finishedAt: later(at('10:05'), -30 * 86_400_000 - 1) },
      becomes: 'ignored: 1.2.0 was finished more than 30 days ago',
    },
    {
      when: 'it was finished 30 days ago',
      lane: idleLane({ live: null }),
      more: { finishedAt: later(at('10:05'), -30 * 86_400_000) },
      becomes: 'staging/looking',
    },
    {
      when: 'it was finished a day from now',
      more: { finishedAt: later(aBuild('1.2.0').arrivedAt, 86_400_000) },
      becomes: 'staging/looking',
    },
    {
      when: 'it was finished later than that: a clock is wrong, and would make all that follow seem old',
      more: { finishedAt: new Date('2199-01-01T00:00:00Z') },
      becomes:
        'ignored: 1.2.0 says that it was finished 2199-01-01T00:00:00.000Z, more than a day from now; set the clock of its sender',
    },
    {
      when: 'it is being deployed',
      lane: verifyingLane(),
      version: '1.1.0',
      becomes: 'ignored: 1.1.0 is being deployed already (d-1.1.0)',
    },
    { when: 'it waits already', lane: waiting(), version: '1.3.0', becomes: 'ignored: 1.3.0 is queued already' },
    { when: 'it is live', version: '1.0.0', becomes: 'ignored: 1.0.0 is live already' },
    {
      when: 'a newer one is live',
      lane: idleLane({ live: aLive('1.5.0') }),
      becomes: 'ignored: 1.2.0 is older than 1.5.0; a person can command it',
    },
    {
      when: 'a newer one moves',
      lane: verifyingLane(),
      version: '1.0.5',
      more: { number: 100, finishedAt: at('09:00:30') },
      becomes: 'ignored: 1.0.5 is older than 1.1.0; a person can command it',
    },
    {
      when: 'a newer one waits',
      lane: waiting(),
      becomes: 'ignored: 1.2.0 is older than 1.3.0; a person can command it',
    },
    {
      when: 'what is live is not known to us',
      lane: idleLane({ live: aLive('9.0.0', { build: null }) }),
      becomes: 'staging/looking',
    },
    {
      when: 'the lane is busy, and the policy refuses',
      lane: verifyingLane(),
      facts: refusing,
      becomes: 'ignored: the lane is busy with 1.1.0',
    },
    {
      when: 'the lane is held, and the policy refuses',
      lane: idleLane({ hold: { by: 'Ada', because: 'Christmas', since: at('09:00') } }),
      facts: refusing,
      becomes: 'ignored: the lane is on hold: Christmas',
    },
    { when: 'the lane is free, and the policy refuses', facts: refusing, becomes: 'staging/looking' },
  ])('$when → $becomes', ({ lane = idleLane(), version = '1.2.0', more, facts, becomes }) => {
    expect(decided(lane, arrival(version, more), facts)).toBe(becomes);
  });
});

describe('mode observe', () => {
  const observing = (more: Partial<Policy> = {}) => ({ policy: aPolicy({ mode: 'observe', ...more }) });

  test.each([
    { what: 'what is known to be live', lane: idleLane(), instead: '1.0.0' },
    { what: 'a lane never seen', lane: idleLane({ live: null, wakeAt: null }), instead: 'what runs now' },
  ])('says what it would do with $what, and does nothing', ({ lane, instead }) => {
    const { effects, records, newBuild, lane: after } = moved(lane, arrival('1.1.0'), observing());
    expect(records).toMatchObject([
      {
        stage: 'done',
        outcome: 'observed',
        why: `mode observe: would stage 1.1.0, warm and verify it, and swap it in for ${instead}`,
      },
    ]);
    expect(effects).toEqual([{ type: 'announce', deployment: records[0]?.id }]);
    expect(newBuild?.version).toBe('1.1.0');
    expect(after).toMatchObject({ active: null, queue: [] });
  });

  test('a lane never seen is patrolled from then on', () => {
    expect(moved(idleLane({ live: null, wakeAt: null }), arrival('1.1.0'), observing()).lane.wakeAt).toEqual(
      at('10:10'),
    );
  });
});

test('a build is asked for by the name of its sender, where there is one', () => {
  expect(moved(verifyingLane(), arrival('1.2.0')).records).toMatchObject([
    { requestedBy: 'Grace', slackChannel: '#shop', createdAt: at('10:05') },
  ]);
  const anonymous = moved(verifyingLane(), arrival('1.2.0', { requestedBy: undefined }), {
    policy: aPolicy({ slack: undefined }),
  });
  expect(anonymous.records).toMatchObject([{ requestedBy: null, slackChannel: null, why: 'waits for its turn' }]);
  expect(anonymous.lane.queue).toEqual([
    { record: { id: anonymous.deployment, createdAt: at('10:05'), requestedBy: null }, build: aRef('1.2.0') },
  ]);
  expect(someFacts().policy.slack).toBeDefined();
});
