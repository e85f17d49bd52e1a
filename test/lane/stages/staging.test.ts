import { describe, expect, test } from 'vitest';
import type { LaneEvent } from '../../../shared/lane/decision.ts';
import type { Effect } from '../../../shared/lane/effect.ts';
import type { Lane } from '../../../shared/lane/lane.ts';
import type { Look, Published } from '../../../shared/lane/look.ts';
import type { BuildId, DeploymentId } from '../../../shared/lane/words.ts';
import { intent, looking, publishGoal, sending, settingsGoal } from '../../builders/act.ts';
import { aBuild } from '../../builders/build.ts';
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
import { copying, idleLane, lookingAtSite, publishing, stagingLane } from '../../builders/lane.ts';
import { aLook, holding, identityOf, silent } from '../../builders/look.ts';
import { aPolicy } from '../../builders/policy.ts';
import { aLive, deployment } from '../../builders/record.ts';
import { at } from '../../builders/time.ts';

type Row = { when: string; event: LaneEvent; becomes: string; now?: Date };

const looked = (look: Partial<Look> = {}): LaneEvent =>
  settled({ type: 'look', deployment, intent: null }, done(aLook(look)));
const other = 'd-other' as DeploymentId;
const staging11 = { staging: holding('1.1.0') };

/** The same in each step of staging. */
const always: Row[] = [
  {
    when: 'the same build arrives',
    event: arrival('1.1.0'),
    becomes: `ignored: 1.1.0 is being deployed already (${deployment})`,
  },
  {
    when: 'an older build arrives',
    event: arrival('1.0.5', { number: 99 }),
    becomes: 'ignored: 1.0.5 is older than 1.1.0; a person can command it',
  },
  { when: 'a person approves', event: approve(), becomes: 'ignored: nothing waits for approval yet' },
  { when: 'a person rejects', event: reject(), becomes: 'ignored: nothing waits for approval yet' },
  { when: 'a person ends a watch', event: endWatch(), becomes: 'ignored: nothing is being watched yet' },
  { when: 'a person retries', event: retry('1.0.0'), becomes: 'ignored: 1.1.0 is being staged' },
  { when: 'a person releases', event: releaseLane, becomes: 'ignored: the lane is not on hold' },
  { when: 'a stale wake comes', event: wake(6), becomes: 'ignored: a wake of step 6; the lane is at 7' },
  {
    when: 'a patrol comes back',
    event: settled({ type: 'look', deployment: null, intent: null }, done(aLook())),
    becomes: 'ignored: a deployment is moving now',
  },
];

describe('looking at the site', () => {
  test.each<Row>([
    ...always,
    { when: 'a newer build arrives', event: arrival('1.2.0'), becomes: 'staging/looking; waits 1.2.0' },
    { when: 'a person holds', event: holdLane, becomes: 'staging/looking; held' },
    { when: 'a person rolls back', event: rollBack('1.0.0'), becomes: 'rolling-back/looking; 1.1.0 cancelled' },
    {
      when: 'a person who saw another build rolls back',
      event: rollBack('1.1.0'),
      becomes: 'ignored: you saw b-1.1.0 live; live is 1.0.0 (b-1.0.0)',
    },
    { when: 'a package was copied', event: copied(), becomes: 'ignored: no package is waited for' },
    { when: 'a package was refused', event: copyRefused(), becomes: 'ignored: no package is waited for' },
    { when: 'the clock comes', event: wake(), becomes: 'staging/looking' },
    {
      when: 'the clock comes after half an hour',
      event: wake(),
      now: at('10:34:01'),
      becomes: 'nothing moves; 1.1.0 failed',
    },
    { when: 'the site is in order', event: looked(), becomes: 'staging/copying' },
    {
      when: 'staging lacks the warm-up ping',
      event: looked({
        warmUpPing: { production: { path: '/health', statuses: '200,204' }, staging: { path: null, statuses: null } },
      }),
      becomes: 'staging/acting settings planned',
    },
    {
      when: 'production lacks the warm-up ping',
      event: looked({
        warmUpPing: {
          staging: { path: '/health', statuses: '200,204' },
          production: { path: '/health', statuses: '200' },
        },
      }),
      becomes: 'nothing moves; 1.1.0 failed',
    },
    {
      when: 'a preview is pending',
      event: looked({ targetSwapSlot: 'production' }),
      becomes: 'nothing moves; 1.1.0 failed',
    },
    {
      when: 'the site swaps by itself',
      event: looked({ autoSwapSlot: 'production' }),
      becomes: 'nothing moves; 1.1.0 failed',
    },
    {
      when: 'traffic is routed elsewhere',
      event: looked({ rampUpPercent: 10 }),
      becomes: 'nothing moves; 1.1.0 failed',
    },
    {
      when: 'an operation is in progress',
      event: looked({ operation: 'op-1', ...staging11 }),
      becomes: 'staging/looking',
    },
    { when: 'production is another', event: looked({ production: holding('2.0.0') }), becomes: 'staging/looking' },
    { when: 'production does not answer', event: looked({ production: silent('1.0.0') }), becomes: 'staging/copying' },
    {
      when: 'the look was refused',
      event: settled({ type: 'look', deployment, intent: null }, refused),
      becomes: 'nothing moves; 1.1.0 failed',
    },
    {
      when: 'how the look ended is unknown',
      event: settled({ type: 'look', deployment, intent: null }, unknown),
      becomes: 'nothing moves; 1.1.0 failed',
    },
    {
      when: 'the look of another deployment comes',
      event: settled({ type: 'look', deployment: other, intent: null }, refused),
      becomes: 'ignored: the site is being looked at',
    },
    {
      when: 'another effect ends',
      event: settled({ type: 'announce', deployment }, done(null)),
      becomes: 'ignored: the site is being looked at',
    },
  ])('$when → $becomes', ({ event, becomes, now = at('10:05') }) => {
    expect(decided(lookingAtSite(), event, { now })).toBe(becomes);
  });

  test('what production runs is adopted after two equal looks, and then the deployment goes on from it', () => {
    const first = moved(lookingAtSite(), looked({ at: at('10:05'), production: holding('2.0.0') }));
    expect(first.lane).toMatchObject({
      wakeAt: at('10:05:15'),
      active: { record: { why: 'production is not what we knew; looks again' } },
    });
    const second = moved(first.lane, looked({ at: at('10:05:15'), production: holding('2.0.0') }));
    expect(second.lane.live).toMatchObject({ build: null, version: '2.0.0', deployment: null });
    expect(second.lane.active).toMatchObject({
      at: { step: 'copying', former: { version: '2.0.0' } },
      record: { from: '2.0.0' },
    });
  });

  test('an operation is waited for, and then looked at again', () => {
    const { lane, effects } = moved(lookingAtSite(), looked({ operation: 'op-1' }));
    expect(lane.wakeAt).toEqual(at('10:05:10'));
    expect(effects).toEqual([]);
    expect(moved(lane, wake(lane.step)).effects).toEqual([{ type: 'look', deployment, intent: null }]);
  });
});

describe('copying the artefact', () => {
  const copy = (attempt = 1, of = deployment): Extract<Effect, { type: 'copy-package' }> => ({
    type: 'copy-package',
    deployment: of,
    build: 'b-1.1.0' as BuildId,
    attempt,
  });
  test.each<Row & { attempt?: number }>([
    ...always,
    { when: 'a newer build arrives', event: arrival('1.2.0'), becomes: 'staging/copying; waits 1.2.0' },
    { when: 'a person holds', event: holdLane, becomes: 'staging/copying; held' },
    { when: 'a person rolls back', event: rollBack('1.0.0'), becomes: 'rolling-back/looking; 1.1.0 cancelled' },
    { when: 'our package was copied', event: copied(), becomes: 'staging/acting publish planned' },
    {
      when: 'an earlier attempt copied it after all',
      event: copied(),
      attempt: 2,
      becomes: 'staging/acting publish planned',
    },
    {
      when: 'another package was copied',
      event: copied('b'.repeat(64)),
      becomes: 'ignored: another package is waited for',
    },
    {
      when: 'the package of another deployment was copied',
      event: copied(undefined, other),
      becomes: 'ignored: no package is waited for',
    },
    { when: 'our package was refused', event: copyRefused(), becomes: 'nothing moves; 1.1.0 failed' },
    {
      when: 'an earlier attempt was refused',
      event: copyRefused(deployment, 1),
      attempt: 2,
      becomes: 'ignored: attempt 2 is waited for',
    },
    {
      when: 'the package of another deployment was refused',
      event: copyRefused(other),
      becomes: 'ignored: no package is waited for',
    },
    { when: 'the order was refused', event: settled(copy(), refused), becomes: 'nothing moves; 1.1.0 failed' },
    {
      when: 'the order of another deployment was refused',
      event: settled(copy(1, other), refused),
      becomes: 'ignored: the package is being copied',
    },
    {
      when: 'the order was placed',
      event: settled(copy(), done(null)),
      becomes: 'ignored: its copying is told by an input',
    },
    { when: 'a look comes', event: looked(), becomes: 'ignored: the package is being copied' },
    { when: 'the clock comes before the deadline', event: wake(), becomes: 'staging/copying' },
    { when: 'the clock comes at the deadline', event: wake(), now: at('10:10'), becomes: 'staging/copying' },
    {
      when: 'the third attempt is over',
      event: wake(),
      attempt: 3,
      now: at('10:10'),
      becomes: 'nothing moves; 1.1.0 failed',
    },
  ])('$when → $becomes', ({ event, becomes, attempt = 1, now = at('10:05') }) => {
    expect(decided(copying(attempt), event, { now })).toBe(becomes);
  });

  test('a wake that comes early sets the clock to the deadline again', () => {
    expect(moved(copying(), wake()).lane).toMatchObject({ wakeAt: at('10:10'), step: 8 });
  });

  test('an attempt that took too long is followed by another, under a number of its own', () => {
    const { effects, lane } = moved(copying(), wake(), { now: at('10:10') });
    expect(effects).toEqual([copy(2)]);
    expect(lane.active).toMatchObject({ at: { attempt: 2, deadline: at('10:20') } });
  });

  test('publishing gives up what staging held before', () => {
    const { lane, effects } = moved(copying(), copied());
    expect(lane).toMatchObject({ previous: null, intentSeq: 4 });
    expect(effects).toEqual([{ type: 'act', deployment, intent: `${deployment}-4` }]);
  });
});

describe('acting on staging', () => {
  const active: Published = { state: 'complete', kudu: 'k-1.1.0', active: true };
  const found = (published: Published, first = aLook({ at: at('10:04'), published })): [Lane, LaneEvent] => [
    publishing(looking(publishGoal, { first })),
    settled({ type: 'look', deployment, intent }, done(aLook({ published }))),
  ];

  test.each<Row>([
    ...always,
    { when: 'a newer build arrives', event: arrival('1.2.0'), becomes: 'staging/acting publish planned; waits 1.2.0' },
    { when: 'a person holds', event: holdLane, becomes: 'staging/acting publish planned; held' },
    { when: 'a package was copied', event: copied(), becomes: 'ignored: no package is waited for' },
    { when: 'a package was refused', event: copyRefused(), becomes: 'ignored: no package is waited for' },
    { when: 'the clock comes', event: wake(), becomes: 'staging/acting publish planned' },
    {
      when: 'the act is refused for good',
      event: settled({ type: 'act', deployment, intent }, refused),
      becomes: 'nothing moves; 1.1.0 failed',
    },
  ])('$when → $becomes', ({ event, becomes }) => {
    expect(decided(publishing(), event)).toBe(becomes);
  });

  test('the publish is found: what Kudu calls it, with the version the app must answer, is what is warmed', () => {
    const { lane, effects } = moved(...found(active));
    expect(lane.active).toMatchObject({ stage: 'warming', goal: identityOf('1.1.0'), former: { version: '1.0.0' } });
    expect(effects).toContainEqual({ type: 'warm', deployment, expects: identityOf('1.1.0') });
  });

  test('without a version path the Kudu id alone is the goal', () => {
    const lane = stagingLane(
      {
        step: 'acting',
        former: aLive('1.0.0'),
        act: looking(publishGoal, { first: aLook({ at: at('10:04'), published: active }) }),
        thenRollBack: null,
      },
      { versionFrom: undefined },
    );
    expect(moved(lane, found(active)[1]).lane.active).toMatchObject({ goal: { kudu: 'k-1.1.0', version: null } });
  });

  test('a publish that another one covered is for a person to look at', () => {
    expect(decided(...found({ state: 'complete', kudu: 'k-1.1.0', active: false }))).toBe(
      'nothing moves; 1.1.0 needs-human; held',
    );
  });

  test('the settings are found: the artefact is copied then', () => {
    const first = aLook({ at: at('10:04') });
    const lane = publishing(looking(settingsGoal, { first }));
    expect(decided(lane, settled({ type: 'look', deployment, intent }, done(aLook())))).toBe('staging/copying');
  });
});

describe('a rollback commanded while an act is open', () => {
  const ordered = (goal = publishGoal) => moved(publishing(sending(goal)), rollBack('1.0.0')).lane;
  const order = {
    live: { ...aLive('1.0.0'), build: { ...aBuild('1.0.0'), sha256: aBuild('1.0.0').artifact.sha256 } },
    former: aLive('0.9.0'),
    by: 'Ada',
    reason: 'orders are lost',
  };

  test.each<{ when: string; lane: Lane; becomes: string }>([
    { when: 'the act was not claimed yet', lane: publishing(), becomes: 'rolling-back/looking; 1.1.0 cancelled' },
    { when: 'the act was claimed', lane: publishing(sending(publishGoal)), becomes: 'staging/acting publish sending' },
    {
      when: 'the act was claimed, and nothing else is kept',
      lane: { ...publishing(sending(publishGoal)), kept: [] },
      becomes: 'ignored: no build before 1.0.0 is kept',
    },
    {
      when: 'production is adopted',
      lane: { ...publishing(sending(publishGoal)), live: aLive('1.0.0', { build: null }) },
      becomes: 'ignored: what runs in production was not deployed from here; there is nothing to roll back to',
    },
  ])('$when → $becomes', ({ lane, becomes }) => {
    expect(decided(lane, rollBack('1.0.0'))).toBe(becomes);
  });

  test('it goes on as soon as the act is refused, without trying the act again', () => {
    const { lane, effects } = moved(ordered(), settled({ type: 'act', deployment, intent }, refused));
    expect(lane.active).toMatchObject({
      stage: 'rolling-back',
      former: { version: '0.9.0' },
      by: 'Ada',
      why: 'orders are lost',
    });
    expect(effects.map(({ type }) => type)).not.toContain('act');
  });

  test('it goes on when the act is found not to have taken place, without trying again', () => {
    const published: Published = { state: 'none' };
    const first = aLook({ at: at('10:04'), published });
    const lane = publishing(looking(publishGoal, { first }), { thenRollBack: order });
    const { lane: after, effects } = moved(
      lane,
      settled({ type: 'look', deployment, intent }, done(aLook({ published }))),
    );
    expect(after.active).toMatchObject({ stage: 'rolling-back', former: { version: '0.9.0' } });
    expect(effects.map(({ type }) => type)).toEqual(['announce', 'look', 'announce']);
  });

  test('it goes on when the act has failed for good', () => {
    const published: Published = { state: 'failed', kudu: 'k', because: 'disk full' };
    const first = aLook({ at: at('10:04'), published });
    const lane = publishing(looking(publishGoal, { first, attempt: 2 }), { thenRollBack: order });
    expect(decided(lane, settled({ type: 'look', deployment, intent }, done(aLook({ published }))))).toBe(
      'rolling-back/looking; 1.1.0 cancelled',
    );
  });

  test('it goes on when the act is found done', () => {
    const published: Published = { state: 'complete', kudu: 'k-1.1.0', active: true };
    const first = aLook({ at: at('10:04'), published });
    const lane = publishing(looking(publishGoal, { first }), { thenRollBack: order });
    expect(decided(lane, settled({ type: 'look', deployment, intent }, done(aLook({ published }))))).toBe(
      'rolling-back/looking; 1.1.0 cancelled',
    );
  });

  test('without an order, a publish that failed twice is the end', () => {
    const published: Published = { state: 'failed', kudu: 'k', because: 'disk full' };
    const first = aLook({ at: at('10:04'), published });
    const lane = publishing(looking(publishGoal, { first, attempt: 2 }));
    const { records } = moved(lane, settled({ type: 'look', deployment, intent }, done(aLook({ published }))));
    expect(records).toMatchObject([{ outcome: 'failed', why: 'the publish failed: disk full' }]);
  });
});

test('first contact: what production runs is adopted, and the first deployment goes on', () => {
  const unknownYet = idleLane({ live: null, previous: null, kept: [], wakeAt: null, step: 0 });
  const started = moved(unknownYet, arrival('1.1.0'), { policy: aPolicy() });
  const id = started.lane.active?.record.id;
  if (id === undefined) throw new Error('nothing started');
  expect(started.records).toMatchObject([{ from: null }]);
  const look = (time: string) => settled({ type: 'look', deployment: id, intent: null }, done(aLook({ at: at(time) })));
  const once = moved(started.lane, look('10:05'));
  const tooSoon = moved(once.lane, look('10:05:14'));
  expect(tooSoon.lane.live).toBeNull();
  const adopted = moved(tooSoon.lane, look('10:05:15'));
  expect(adopted.lane.live).toMatchObject({ version: '1.0.0', build: null });
  expect(adopted.effects).toContainEqual(expect.objectContaining({ type: 'record-marker' }));
  expect(adopted.lane.active).toMatchObject({ at: { step: 'copying' } });
});
