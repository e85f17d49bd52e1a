import { describe, expect, test } from 'vitest';
import type { LaneEvent } from '../../../shared/lane/decision.ts';
import type { Lane } from '../../../shared/lane/lane.ts';
import type { Look, Published } from '../../../shared/lane/look.ts';
import type { Goal } from '../../../shared/lane/swap/act.ts';
import type { DeploymentId } from '../../../shared/lane/words.ts';
import { aClaim, intent, looking, planned, sending } from '../../builders/act.ts';
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
import { lookingForTheWayBack, rollingBackLane } from '../../builders/lane.ts';
import { aLook, holding, identityOf, nothing, silent, stampAfter, swappedLook } from '../../builders/look.ts';
import { aPolicy } from '../../builders/policy.ts';
import { aLive, deployment } from '../../builders/record.ts';
import { at } from '../../builders/time.ts';

type Row = { when: string; event: LaneEvent; becomes: string; lane?: Lane; now?: Date };

const looked = (look: Partial<Look> = {}, of = deployment): LaneEvent =>
  settled({ type: 'look', deployment: of, intent: null }, done(swappedLook(look)));
const other = 'd-other' as DeploymentId;
const kept = { build: aRef('1.0.0'), sha256: aRef('1.0.0').sha256 };
const back: Goal = { kind: 'swap', goal: identityOf('1.0.0'), former: identityOf('1.1.0') };
const again: Goal = { kind: 'publish', sha256: kept.sha256, deployment };

/** The same in each step of rolling back. */
const always: Row[] = [
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
  { when: 'a package was copied', event: copied(), becomes: 'ignored: no package is waited for' },
  { when: 'a package was refused', event: copyRefused(), becomes: 'ignored: no package is waited for' },
  { when: 'a person approves', event: approve(), becomes: 'ignored: 1.1.0 is being rolled back' },
  { when: 'a person rejects', event: reject(), becomes: 'ignored: 1.1.0 is being rolled back' },
  { when: 'a person ends the watch', event: endWatch(), becomes: 'ignored: 1.1.0 is being rolled back' },
  { when: 'a person retries', event: retry('1.1.0'), becomes: 'ignored: 1.1.0 is being rolled back' },
  { when: 'a person rolls back too', event: rollBack('1.1.0'), becomes: 'ignored: 1.1.0 is being rolled back already' },
  { when: 'a person releases', event: releaseLane, becomes: 'ignored: the lane is not on hold' },
  { when: 'a stale wake comes', event: wake(6), becomes: 'ignored: a wake of step 6; the lane is at 7' },
  {
    when: 'a patrol comes back',
    event: settled({ type: 'look', deployment: null, intent: null }, refused),
    becomes: 'ignored: a deployment is moving now',
  },
];

describe('looking for the way back', () => {
  const seen = (look: Partial<Look>): Lane => {
    const { production, staging } = swappedLook(look);
    return rollingBackLane({
      step: 'looking',
      since: at('10:04'),
      first: { production: production.identity, staging: staging.identity, at: at('10:04:45') },
    });
  };
  const stranger = { staging: holding('2.0.0') };
  const moving = { production: holding('2.0.0') };

  test.each<Row>([
    ...always,
    { when: 'a newer build arrives', event: arrival('1.2.0'), becomes: 'rolling-back/looking; waits 1.2.0' },
    { when: 'a person holds', event: holdLane, becomes: 'rolling-back/looking; held' },
    { when: 'the clock comes', event: wake(), becomes: 'rolling-back/looking' },
    {
      when: 'the clock comes after half an hour',
      event: wake(),
      now: at('10:34:01'),
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
    { when: 'staging still holds the previous build', event: looked(), becomes: 'rolling-back/warming' },
    { when: 'an operation is in progress', event: looked({ operation: 'op' }), becomes: 'rolling-back/looking' },
    { when: 'staging holds another, seen once', event: looked(stranger), becomes: 'rolling-back/looking' },
    {
      when: 'staging holds another, seen twice',
      event: looked(stranger),
      lane: seen(stranger),
      becomes: 'rolling-back/publishing planned',
    },
    {
      when: 'staging holds another, seen twice too soon',
      event: looked({ ...stranger, at: at('10:04:59') }),
      lane: seen(stranger),
      becomes: 'rolling-back/looking',
    },
    {
      when: 'staging holds another, and another again',
      event: looked({ staging: holding('3.0.0') }),
      lane: seen(stranger),
      becomes: 'rolling-back/looking',
    },
    {
      when: 'staging does not answer, seen once',
      event: looked({ staging: silent('1.0.0') }),
      becomes: 'rolling-back/looking',
    },
    {
      when: 'staging does not answer, seen twice',
      event: looked({ staging: silent('1.0.0') }),
      lane: seen({ staging: silent('1.0.0') }),
      becomes: 'rolling-back/warming',
    },
    { when: 'production holds another, seen once', event: looked(moving), becomes: 'rolling-back/looking' },
    {
      when: 'production holds another, seen twice',
      event: looked(moving),
      lane: seen(moving),
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
    {
      when: 'nothing is kept',
      event: looked(stranger),
      lane: { ...seen(stranger), kept: [] },
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
    {
      when: 'the look was refused',
      event: settled({ type: 'look', deployment, intent: null }, refused),
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
    {
      when: 'how the look ended is unknown',
      event: settled({ type: 'look', deployment, intent: null }, unknown),
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
    {
      when: 'the look of another deployment comes',
      event: looked({}, other),
      becomes: 'ignored: the way back is being looked at',
    },
    {
      when: 'a late verdict comes',
      event: settled({ type: 'judge', deployment }, refused),
      becomes: 'ignored: the way back is being looked at',
    },
  ])('$when → $becomes', ({ event, becomes, lane = lookingForTheWayBack(), now = at('10:05') }) => {
    expect(decided(lane, event, { now })).toBe(becomes);
  });

  test('after an operation two equal looks are needed anew', () => {
    expect(moved(seen(stranger), looked({ ...stranger, operation: 'op' })).lane).toMatchObject({
      wakeAt: at('10:05:10'),
      active: { at: { first: null } },
    });
  });

  test('the kept copy is published over what staging holds, which is then no way back any more', () => {
    const { lane, effects } = moved(seen(stranger), looked(stranger));
    expect(lane).toMatchObject({ previous: null, active: { at: { kept, act: { goal: again, step: 'planned' } } } });
    expect(effects).toEqual([{ type: 'act', deployment, intent: `${deployment}-4` }]);
  });

  test.each([
    { what: 'a kept copy', former: aLive('1.0.0', { identity: nothing }), becomes: 'rolling-back/publishing planned' },
    {
      what: 'an adopted build that said nothing of itself',
      former: aLive('1.0.0', { identity: nothing, build: null }),
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
  ])('a slot that says nothing is never taken for $what', ({ former, becomes }) => {
    const empty = { staging: { identity: nothing, answers: true } };
    const policy = aPolicy({ versionFrom: undefined });
    const first = moved(
      rollingBackLane({ step: 'looking', since: at('10:04'), first: null }, { former, policy }),
      looked({ ...empty, at: at('10:04:45') }),
    );
    expect(first.lane.active).toMatchObject({ at: { step: 'looking' } });
    expect(decided(first.lane, looked(empty))).toBe(becomes);
  });
});

describe('publishing the kept copy', () => {
  const publishing = (act = looking(again)): Lane => rollingBackLane({ step: 'publishing', act, kept });
  const asked = (look: Partial<Look>): LaneEvent =>
    settled({ type: 'look', deployment, intent }, done(swappedLook(look)));
  const complete = (kudu: string): Published => ({ state: 'complete', kudu, active: true });
  const found = (published: Published) => ({
    staging:
      published.state === 'complete'
        ? { identity: { kudu: 'k-new', version: '1.0.0' }, answers: true }
        : holding('2.0.0'),
    published,
  });
  const twice = (published: Published, attempt = 1): [Lane, LaneEvent] => [
    publishing(looking(again, { attempt, first: swappedLook({ ...found(published), at: at('10:04') }) })),
    asked(found(published)),
  ];

  test.each<Row>([
    ...always,
    { when: 'a newer build arrives', event: arrival('1.2.0'), becomes: 'rolling-back/publishing looking; waits 1.2.0' },
    { when: 'a person holds', event: holdLane, becomes: 'rolling-back/publishing looking; held' },
    { when: 'the clock comes', event: wake(), becomes: 'rolling-back/publishing looking' },
    {
      when: 'it is refused for good',
      event: settled({ type: 'act', deployment, intent }, refused),
      lane: rollingBackLane({ step: 'publishing', act: planned(again), kept }),
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
    {
      when: 'a late warm-up comes',
      event: settled({ type: 'warm', deployment, expects: identityOf('1.0.0') }, refused),
      becomes: 'ignored: the result of an earlier act',
    },
    {
      when: 'it is active',
      event: twice(complete('k-new'))[1],
      lane: twice(complete('k-new'))[0],
      becomes: 'rolling-back/warming',
    },
    {
      when: 'it is covered by another',
      event: twice({ state: 'complete', kudu: 'k', active: false })[1],
      lane: twice({ state: 'complete', kudu: 'k', active: false })[0],
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
    {
      when: 'it failed',
      event: twice({ state: 'failed', kudu: 'k', because: 'disk full' })[1],
      lane: twice({ state: 'failed', kudu: 'k', because: 'disk full' })[0],
      becomes: 'rolling-back/publishing planned',
    },
    {
      when: 'it failed again',
      event: twice({ state: 'none' }, 2)[1],
      lane: twice({ state: 'none' }, 2)[0],
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
  ])('$when → $becomes', ({ event, becomes, lane = publishing() }) => {
    expect(decided(lane, event)).toBe(becomes);
  });

  test('its new Kudu id, with the version it must answer, is what is warmed', () => {
    expect(moved(...twice(complete('k-new'))).lane.active).toMatchObject({
      at: { step: 'warming', goal: { kudu: 'k-new', version: '1.0.0' }, inARow: 0, deadline: at('10:10') },
    });
  });

  test('without a version path the Kudu id alone is the goal', () => {
    const [lane, event] = twice(complete('k-new'));
    const { active } = lane;
    if (active === null) throw new Error('nothing moves');
    const withoutPath = { ...lane, active: { ...active, policy: aPolicy({ versionFrom: undefined }) } };
    expect(moved(withoutPath, event).lane.active).toMatchObject({ at: { goal: { kudu: 'k-new', version: null } } });
  });
});

describe('warming the previous build again', () => {
  const warming = (inARow = 0): Lane =>
    rollingBackLane({ step: 'warming', goal: identityOf('1.0.0'), inARow, deadline: at('10:05') });
  const expects = identityOf('1.0.0');
  const warm = (isWarm: boolean, of = deployment): LaneEvent =>
    settled({ type: 'warm', deployment: of, expects }, done({ warm: isWarm, why: 'answered 503' }));

  test.each<Row>([
    ...always,
    { when: 'a newer build arrives', event: arrival('1.2.0'), becomes: 'rolling-back/warming; waits 1.2.0' },
    { when: 'a person holds', event: holdLane, becomes: 'rolling-back/warming; held' },
    { when: 'the clock comes', event: wake(), becomes: 'rolling-back/warming' },
    {
      when: 'the clock comes after the deadline',
      event: wake(),
      now: at('10:05:01'),
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
    { when: 'it is warm once', event: warm(true), becomes: 'rolling-back/warming' },
    { when: 'it is cold', event: warm(false), becomes: 'rolling-back/warming' },
    {
      when: 'it is warm often enough',
      event: warm(true),
      lane: warming(2),
      becomes: 'rolling-back/swapping swap planned',
    },
    {
      when: 'another deployment is warm',
      event: warm(true, other),
      becomes: 'ignored: the previous build is being warmed',
    },
    {
      when: 'it could not be asked',
      event: settled({ type: 'warm', deployment, expects }, refused),
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
    { when: 'a late look comes', event: looked(), becomes: 'ignored: the previous build is being warmed' },
  ])('$when → $becomes', ({ event, becomes, lane = warming(), now = at('10:05') }) => {
    expect(decided(lane, event, { now })).toBe(becomes);
  });

  test('the answers in a row are counted anew after a cold one', () => {
    expect(moved(warming(1), warm(true)).lane.active).toMatchObject({
      at: { inARow: 2 },
      record: { why: 'warm again 2 of 3' },
    });
    expect(moved(warming(2), warm(false)).lane.active).toMatchObject({
      at: { inARow: 0 },
      record: { why: 'answered 503' },
    });
  });

  test('the swap goes towards the previous build, from the bad one', () => {
    const { lane, effects } = moved(warming(2), warm(true));
    expect(lane.active).toMatchObject({ at: { swap: { step: 'planned', goal: back } } });
    expect(effects).toEqual([{ type: 'act', deployment, intent: `${deployment}-4` }]);
  });
});

describe('swapping back', () => {
  const claim = { ...aClaim(), look: swappedLook({ at: at('10:00') }) };
  const swapping = (act = looking(back, { claim })): Lane =>
    rollingBackLane({ step: 'swapping', goal: identityOf('1.0.0'), swap: act });
  const backAgain = (time: string) => aLook({ at: at(time), stamp: `${stampAfter}+1` });
  const asked = (look: Look): LaneEvent => settled({ type: 'look', deployment, intent }, done(look));
  const ended = (): [Lane, LaneEvent] => [
    swapping(looking(back, { claim, first: backAgain('10:04:30'), lastOld: at('10:03') })),
    asked(backAgain('10:05')),
  ];

  test.each<Row>([
    ...always,
    {
      when: 'a newer build arrives',
      event: arrival('1.2.0'),
      becomes: 'rolling-back/swapping swap looking; waits 1.2.0',
    },
    { when: 'a person holds', event: holdLane, becomes: 'rolling-back/swapping swap looking; held' },
    { when: 'the clock comes', event: wake(), becomes: 'rolling-back/swapping swap looking' },
    {
      when: 'it is refused for good',
      event: settled({ type: 'act', deployment, intent }, refused),
      lane: rollingBackLane({ step: 'swapping', goal: identityOf('1.0.0'), swap: planned(back) }),
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
    {
      when: 'its outcome is unknown',
      event: settled({ type: 'act', deployment, intent }, unknown),
      lane: rollingBackLane({ step: 'swapping', goal: identityOf('1.0.0'), swap: sending(back) }),
      becomes: 'rolling-back/swapping swap quiet',
    },
    { when: 'one look shows it', event: asked(backAgain('10:05')), becomes: 'rolling-back/swapping swap looking' },
    {
      when: 'two equal looks show it',
      event: ended()[1],
      lane: ended()[0],
      becomes: 'nothing moves; 1.1.0 rolled-back; held',
    },
    {
      when: 'two equal looks show a stranger',
      event: asked(swappedLook({ stamp: 'x' })),
      lane: swapping(looking(back, { claim, first: swappedLook({ stamp: 'x', at: at('10:04') }) })),
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
  ])('$when → $becomes', ({ event, becomes, lane = swapping() }) => {
    expect(decided(lane, event)).toBe(becomes);
  });

  test('what went back: live again, the bad build quarantined and no longer kept, marker and hold in one decision', () => {
    const { lane, effects, quarantined, records } = moved(...ended());
    expect(lane.live).toEqual(aLive('1.0.0', { deployment, liveAt: at('10:04:30') }));
    expect(lane.previous).toBeNull();
    expect(lane.kept.map(({ build }) => build.version)).toEqual(['1.0.0', '0.9.0']);
    expect(quarantined).toEqual([{ build: 'b-1.1.0', because: 'too many errors', deployment }]);
    expect(effects[0]).toMatchObject({
      type: 'record-marker',
      marker: {
        kind: 'rollback',
        version: '1.0.0',
        switchedBetween: { from: at('10:03'), to: at('10:04:30') },
        deployment,
        build: 'b-1.0.0',
      },
    });
    expect(effects.slice(1)).toEqual([
      { type: 'announce', deployment },
      { type: 'announce', deployment: null },
    ]);
    expect(records).toMatchObject([
      { outcome: 'rolled-back', why: 'warmswap rolled 1.1.0 back to 1.0.0: too many errors' },
    ]);
    expect(lane.hold).toMatchObject({ by: 'warmswap', because: '1.1.0 was rolled back: too many errors' });
  });

  test('by a person, and without a hold where the policy wants none: what waits goes on', () => {
    const [lane, event] = ended();
    const { active } = lane;
    if (active?.stage !== 'rolling-back') throw new Error('it does not roll back');
    const policy = aPolicy({ rollback: { mode: 'automatic', askExpiresAfterMs: 1, holdAfter: false } });
    const byAda = moved({ ...lane, active: { ...active, by: 'Ada', policy } }, arrival('1.2.0')).lane;
    const { lane: after, records } = moved(byAda, event);
    expect(after).toMatchObject({ hold: null, active: { build: { version: '1.2.0' } } });
    expect(records).toMatchObject([
      { why: 'Ada rolled 1.1.0 back to 1.0.0: too many errors' },
      { stage: 'staging', from: '1.0.0' },
    ]);
  });
});
