import { describe, expect, test } from 'vitest';
import type { LaneEvent } from '../../shared/lane/decision.ts';
import type { Lane } from '../../shared/lane/lane.ts';
import type { Look } from '../../shared/lane/look.ts';
import { intent, looking } from '../builders/act.ts';
import { aRef } from '../builders/build.ts';
import { decided, moved } from '../builders/decide.ts';
import { arrival, done, refused, rollBack, settled } from '../builders/input.ts';
import { idleLane, swappingLane } from '../builders/lane.ts';
import { aLook, holding, identityOf, nothing, silent } from '../builders/look.ts';
import { aLive, deployment } from '../builders/record.ts';
import { at } from '../builders/time.ts';

const patrol = (time: string, look: Partial<Look>): LaneEvent =>
  settled({ type: 'look', deployment: null, intent: null }, done(aLook({ at: at(time), ...look })));

/** What two equal looks, far enough apart, make of a lane. */
function adopted(lane: Lane, look: Partial<Look>) {
  return moved(moved(lane, patrol('10:05', look)).lane, patrol('10:05:15', look));
}
const untouched = () => idleLane({ live: null, previous: null, kept: [] });

test('at first contact what production runs is adopted', () => {
  const { lane, effects, told } = adopted(untouched(), { production: holding('0.9.0'), stamp: '2026-03-01T18:00:00Z' });
  const live = { build: null, version: '0.9.0', identity: identityOf('0.9.0'), deployment: null, liveAt: at('10:05') };
  expect(lane).toMatchObject({ live, previous: null, suspicion: null });
  expect(effects).toEqual([
    {
      type: 'record-marker',
      marker: {
        lane: lane.id,
        id: `external-by-hand-${at('10:05').getTime().toString(36)}`,
        kind: 'external',
        version: '0.9.0',
        liveAt: at('10:05'),
        switchedBetween: { from: at('10:05'), to: at('10:05') },
      },
    },
    { type: 'announce', deployment: null },
  ]);
  expect(told).toBe('adopted 0.9.0, which runs in production');
});

test.each([
  { production: holding('0.9.0'), version: '0.9.0' },
  { production: silent('0.9.0'), version: 'deployment k-0.9.0' },
  { production: { identity: nothing, answers: true }, version: 'nothing we know' },
])('what is adopted is called by what it says: $version', ({ production, version }) => {
  expect(adopted(untouched(), { production }).lane.live).toMatchObject({ version, identity: production.identity });
});

describe('two equal looks are needed', () => {
  const one = (look: Partial<Look>, time = '10:05') => moved(idleLane(), patrol(time, look)).lane;
  const stranger = { production: holding('2.0.0') };
  test.each([
    { when: 'the second comes too soon', event: patrol('10:05:14', stranger), live: '1.0.0', since: at('10:05') },
    {
      when: 'the second shows another version',
      event: patrol('10:05:15', { production: holding('3.0.0') }),
      live: '1.0.0',
      since: at('10:05:15'),
    },
    {
      when: 'the second shows another content',
      event: patrol('10:05:15', { production: { identity: { kudu: 'k', version: '2.0.0' }, answers: true } }),
      live: '1.0.0',
      since: at('10:05:15'),
    },
    { when: 'the second shows the same', event: patrol('10:05:15', stranger), live: '2.0.0', since: undefined },
  ])('$when', ({ event, live, since }) => {
    const { lane } = moved(one(stranger), event);
    expect(lane.live?.version).toBe(live);
    expect(lane.suspicion?.at).toEqual(since);
  });
});

describe('a change by somebody else', () => {
  test.each([
    { when: 'a deploy over production', staging: holding('0.9.0') },
    { when: 'a swap: staging holds what was live', staging: holding('1.0.0') },
  ])('$when: what ran before is known, and no older copy is the way back', ({ staging }) => {
    const { lane, told, quarantined } = adopted(idleLane(), { production: holding('2.0.0'), staging });
    expect(lane).toMatchObject({
      live: { version: '2.0.0', build: null, deployment: null, asks: null },
      previous: { version: '1.0.0' },
      kept: [],
    });
    expect(quarantined).toEqual([]);
    expect(told).toBe('production was changed to 2.0.0 by somebody else; adopted');
  });

  test('a swap back by hand is known again as the build that ran before', () => {
    const { lane } = adopted(idleLane(), { production: holding('0.9.0'), staging: holding('1.0.0') });
    expect(lane.live).toMatchObject({ version: '0.9.0', build: aLive('0.9.0').build, deployment: null });
    expect(lane.live?.asks).toEqual(aLive('0.9.0').asks);
  });

  describe('a swap back by hand takes out what was live', () => {
    const back = (more: Partial<Lane> = {}) =>
      adopted(idleLane(more), { production: holding('0.9.0'), staging: holding('1.0.0') });

    test('no rollback goes forward to it, and no event of it is accepted', () => {
      const { lane, quarantined } = back();
      expect(lane).toMatchObject({ previous: null, kept: [{ build: { version: '0.9.0' } }] });
      expect(quarantined).toEqual([
        { build: 'b-1.0.0', because: 'it was taken out of production by hand', deployment: 'd-1.0.0' },
      ]);
      expect(decided(lane, rollBack('0.9.0'))).toBe('ignored: no build before 0.9.0 is kept');
    });

    test('what was not ours is only left', () => {
      const { lane, quarantined } = back({ live: aLive('1.0.0', { build: null }) });
      expect(lane.live?.version).toBe('0.9.0');
      expect(quarantined).toEqual([]);
    });

    test('nothing is taken out where nothing was known to be live', () => {
      expect(back({ live: null }).quarantined).toEqual([]);
    });

    test('a build that said nothing of itself is not known again by saying nothing', () => {
      const silence = { production: { identity: nothing, answers: true } };
      const { lane } = adopted(idleLane({ previous: aLive('0.9.0', { identity: nothing }) }), silence);
      expect(lane.live).toMatchObject({ version: 'nothing we know', build: null });
    });
  });

  describe('what we had staged', () => {
    const staged = { build: aRef('1.1.0'), identity: identityOf('1.1.0') };
    const brought = () => adopted(idleLane({ staged }), { production: holding('1.1.0'), staging: holding('1.0.0') });

    test('is known again when it comes to production without our finding: its build, its copy, and its way back', () => {
      expect(brought().lane).toMatchObject({
        live: { version: '1.1.0', build: staged.build, identity: identityOf('1.1.0'), deployment: null },
        previous: aLive('1.0.0'),
        kept: [{ build: { version: '1.1.0' } }, { build: { version: '1.0.0' } }, { build: { version: '0.9.0' } }],
      });
      expect(brought().effects[0]).toMatchObject({ marker: { kind: 'external', version: '1.1.0', build: 'b-1.1.0' } });
    });

    test('can be rolled back then, and is not deployed over itself', () => {
      expect(decided(brought().lane, rollBack('1.1.0'))).toBe('rolling-back/looking');
      expect(decided(brought().lane, arrival('1.1.0'))).toBe('ignored: 1.1.0 is live already');
    });
  });

  test('a swap of ours that we lost sight of is known again after a person was asked', () => {
    const lost = moved(swappingLane(looking()), settled({ type: 'look', deployment, intent }, refused), {
      now: at('10:34:01'),
    });
    expect(lost.records).toMatchObject([{ outcome: 'needs-human' }]);
    const { lane } = adopted(lost.lane, { production: holding('1.1.0'), staging: holding('1.0.0') });
    expect(lane).toMatchObject({ live: { build: aRef('1.1.0') }, previous: { build: aRef('1.0.0') } });
  });

  test.each([
    { stamp: '2026-03-02T09:30:00Z', when: 'ARM’s last swap is later than our last going live', liveAt: at('09:30') },
    { stamp: '2026-03-02T07:59:00Z', when: 'ARM’s last swap is older than that', liveAt: at('10:05') },
    { stamp: '2026-03-02T10:05:01Z', when: 'ARM’s last swap is later than our first look at it', liveAt: at('10:05') },
    { stamp: null, when: 'ARM knows of no swap', liveAt: at('10:05') },
    { stamp: 'yesterday', when: 'ARM’s time cannot be read', liveAt: at('10:05') },
  ])('$when: live since $liveAt', ({ stamp, liveAt }) => {
    const { lane, effects } = adopted(idleLane(), { production: holding('2.0.0'), stamp });
    expect(lane.live?.liveAt).toEqual(liveAt);
    expect(effects[0]).toMatchObject({
      marker: { kind: 'external', liveAt, switchedBetween: { from: at('08:00'), to: at('10:05') } },
    });
  });

  test('a clock that is behind ours never makes a marker begin after it went live', () => {
    const lane = idleLane({ live: aLive('1.0.0', { liveAt: at('10:06') }) });
    expect(adopted(lane, { production: holding('2.0.0') }).effects[0]).toMatchObject({
      marker: { switchedBetween: { from: at('10:05'), to: at('10:05') } },
    });
  });
});
