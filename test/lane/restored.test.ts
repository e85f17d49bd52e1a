import { describe, expect, test } from 'vitest';
import { decide } from '../../shared/lane/decide.ts';
import type { Effect } from '../../shared/lane/effect.ts';
import { emptyLane, type Lane } from '../../shared/lane/lane.ts';
import type { Look } from '../../shared/lane/look.ts';
import { type Restoring, restored } from '../../shared/lane/restored.ts';
import type { Marker, Version } from '../../shared/lane/words.ts';
import { accepted, looking, planned, publishGoal, quiet, sending } from '../builders/act.ts';
import { aRef } from '../builders/build.ts';
import { moved, someFacts, told } from '../builders/decide.ts';
import { arrival, done, releaseLane, retry, rollBack, settled, wake } from '../builders/input.ts';
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
} from '../builders/lane.ts';
import { aLook, holding, identityOf, nothing } from '../builders/look.ts';
import { aLive, aRecord, deployment, lane as id } from '../builders/record.ts';
import { at } from '../builders/time.ts';

const backup: Restoring = { now: at('12:00'), takenAt: at('10:05'), pending: [], waiting: [] };
const from = 'restored from a backup of 2026-03-02T10:05:00.000Z';
const back = (lane: Lane, more: Partial<Restoring> = {}) => restored({ ...backup, ...more }, lane);

const marker: Effect = {
  type: 'record-marker',
  marker: { lane: id, id: 'm', kind: 'deploy', version: '1.1.0' as Version, liveAt: at('10:00') } as Marker,
};
const inFlight: Effect[] = [
  { type: 'act', deployment, intent: planned().intent },
  { type: 'poll', deployment, intent: planned().intent },
  { type: 'look', deployment, intent: null },
  { type: 'verify', deployment },
  { type: 'announce', deployment },
];

const moving: { stage: string; lane: Lane }[] = [
  { stage: 'staging: looking', lane: lookingAtSite() },
  { stage: 'staging: copying', lane: copying() },
  { stage: 'staging: publish planned', lane: publishing() },
  { stage: 'staging: publish sending', lane: publishing(sending(publishGoal)) },
  { stage: 'staging: publish accepted', lane: publishing(accepted(publishGoal)) },
  { stage: 'warming', lane: warmingLane() },
  { stage: 'verifying', lane: verifyingLane() },
  { stage: 'awaiting-approval', lane: awaitingApproval({}) },
  { stage: 'swapping: planned', lane: swappingLane(planned()) },
  { stage: 'swapping: sending', lane: swappingLane(sending()) },
  { stage: 'swapping: accepted', lane: swappingLane(accepted()) },
  { stage: 'swapping: quiet', lane: swappingLane(quiet()) },
  { stage: 'swapping: looking', lane: swappingLane(looking()) },
  { stage: 'watching', lane: watchingLane() },
  { stage: 'awaiting-rollback', lane: awaitingRollback() },
  { stage: 'rolling-back: looking', lane: lookingForTheWayBack() },
  {
    stage: 'rolling-back: swap planned',
    lane: rollingBackLane({ step: 'swapping', goal: identityOf('1.0.0'), swap: planned() }),
  },
  {
    stage: 'rolling-back: swap accepted',
    lane: rollingBackLane({ step: 'swapping', goal: identityOf('1.0.0'), swap: accepted() }),
  },
];

describe.each(moving)('in the backup it was at $stage', ({ lane }) => {
  test('what moved needs a person, the lane is on hold, and nothing of it is left to go on', () => {
    const after = back(lane, { pending: [...inFlight, marker] });
    expect(told(after)).toBe('nothing moves; 1.1.0 needs-human; held');
    expect(after.lane).toMatchObject({
      live: null,
      previous: null,
      suspicion: null,
      patrolAt: null,
      wakeAt: at('12:00'),
      step: lane.step + 1_000_000,
      effectSeq: lane.effectSeq + 1_000_000,
      hold: { by: 'warmswap', because: `${from}: look at both slots, then release`, since: at('12:00') },
      kept: lane.kept,
      intentSeq: lane.intentSeq,
    });
    expect(after.records).toEqual([
      expect.objectContaining({
        id: deployment,
        stage: 'done',
        outcome: 'needs-human',
        why: `${from}: what became of it since is not known; look at both slots`,
      }),
    ]);
    expect(after.effects).toEqual([marker, { type: 'announce', deployment: null }, { type: 'announce', deployment }]);
    expect(after.deployment).toBe(deployment);
  });

  test('whatever comes for it then, the site is only looked at', () => {
    let now = back(lane, { pending: inFlight }).lane;
    const effects: Effect['type'][] = [];
    const late = [
      settled({ type: 'act', deployment, intent: planned().intent }, done({ token: 'token', complete: false })),
      settled(
        { type: 'poll', deployment, intent: planned().intent },
        done({ state: 'ended', well: true, because: '' }),
      ),
      settled({ type: 'look', deployment, intent: null }, done(aLook())),
      wake(lane.step),
      wake(now.step),
      settled({ type: 'look', deployment: null, intent: null }, done(aLook({ at: at('12:00') }))),
      settled({ type: 'look', deployment: null, intent: null }, done(aLook({ at: at('12:01') }))),
      releaseLane,
    ];
    for (const event of late) {
      const decision = decide(someFacts({ now: at('12:01') }), now, event);
      if (decision.kind === 'ignore') continue;
      now = decision.lane;
      effects.push(...decision.effects.map(({ type }) => type));
    }
    expect(new Set(effects)).toEqual(new Set(['look', 'record-marker', 'announce']));
    expect(now).toMatchObject({ active: null, hold: null, live: { version: '1.0.0', identity: identityOf('1.0.0') } });
  });
});

const look = (time: string, seen: Partial<Look>) =>
  settled({ type: 'look', deployment: null, intent: null }, done(aLook({ at: at(time), ...seen })));
/** What the lane takes for live after two equal looks. */
const adopted = (lane: Lane, seen: Partial<Look>): Lane =>
  moved(moved(back(lane).lane, look('12:00', seen)).lane, look('12:01', seen)).lane;

describe('what production runs is adopted anew', () => {
  test('what was live in the backup and still is, is known: an older build is refused, and there is a way back', () => {
    const now = adopted(idleLane(), { production: holding('1.0.0') });
    expect(now.live).toMatchObject({ version: '1.0.0', build: { id: 'b-1.0.0' }, deployment: null });
    expect(now.kept.map(({ build }) => build.version)).toEqual(['1.0.0', '0.9.0']);
    expect(decide(someFacts(), now, arrival('0.9.5'))).toMatchObject({
      kind: 'ignore',
      because: '0.9.5 is older than 1.0.0; a person can command it',
    });
    expect(told(decide(someFacts(), { ...now, hold: null }, rollBack('1.0.0')))).toBe('rolling-back/looking');
  });

  test('what was staged in the backup and is live now is only called by its name', () => {
    const now = adopted(swappingLane(accepted()), { production: holding('1.1.0') });
    expect(now.live).toMatchObject({ version: '1.1.0', build: null, deployment: null });
    expect(now).toMatchObject({ previous: null, kept: [], staged: { build: { version: '1.0.0' } } });
  });

  test.each([
    { when: 'nothing was known to be live', live: null },
    { when: 'what was live came from elsewhere', live: aLive('1.0.0', { build: null }) },
    { when: 'what was live told nothing of itself', live: aLive('1.0.0', { identity: nothing }) },
  ])('without a memory of it where $when', ({ live }) => {
    expect(back(idleLane({ live })).lane.staged).toBeNull();
  });
});

describe('what waited in the backup', () => {
  const waiting = ['1.2.0', '1.3.0'].map((version) =>
    aRecord('queued', { id: `d-${version}` as typeof deployment, build: aRef(version) }),
  );
  const queued = waiting.map(({ id: record, createdAt, requestedBy, build }) => ({
    record: { id: record, createdAt, requestedBy },
    build,
  }));

  test('is cancelled, and a person may try it again once the lane is released', () => {
    const after = back(idleLane({ queue: queued }), { waiting });
    expect(told(after)).toBe('nothing moves; 1.2.0 cancelled; 1.3.0 cancelled; held');
    expect(after.lane.queue).toEqual([]);
    const [named = null] = after.records;
    const again = (lane: Lane) => told(decide(someFacts({ named }), lane, retry(null)));
    expect(again(after.lane)).toBe(`ignored: on hold: ${from}: look at both slots, then release; release it first`);
    expect(again(moved(after.lane, releaseLane).lane)).toBe('staging/looking');
  });

  test('a build that comes while the lane is held waits for a person', () => {
    expect(told(decide(someFacts(), back(idleLane()).lane, arrival('1.2.0')))).toBe('nothing moves; waits 1.2.0; held');
  });

  test('with the longest queue it is one change all the same', () => {
    const many = Array.from({ length: 20 }, (_, index) =>
      aRecord('queued', { id: `d-${index}` as typeof deployment, build: aRef(`2.${index}.0`) }),
    );
    const { effects, records } = back(swappingLane(), { waiting: many, pending: [marker] });
    expect(records).toHaveLength(21);
    expect(effects.slice(0, 3)).toEqual([
      marker,
      { type: 'announce', deployment: null },
      { type: 'announce', deployment },
    ]);
    expect(2 + records.length + effects.length).toBeLessThanOrEqual(40);
  });
});

test('its journal says all of it; a hold that was there before is not forgotten', () => {
  const held = { by: 'Ada', because: 'Christmas', since: at('09:00') };
  expect(back(swappingLane(sending()), {}).told).toBe(
    `${from}; 1.1.0: needs-human: ${from}: what became of it since is not known; look at both slots; on hold: ${from}: look at both slots, then release`,
  );
  expect(back(idleLane({ hold: held })).told).toContain('; Ada had it on hold: Christmas; on hold: ');
});

test('a lane that nothing was known of', () => {
  const after = back(emptyLane(id));
  expect(told(after)).toBe('nothing moves; held');
  expect([after.records, after.effects, after.deployment]).toEqual([
    [],
    [{ type: 'announce', deployment: null }],
    null,
  ]);
});
