import { describe, expect, test } from 'vitest';
import type { LaneEvent } from '../../shared/lane/decision.ts';
import type { Lane } from '../../shared/lane/lane.ts';
import type { Look } from '../../shared/lane/look.ts';
import { moved } from '../builders/decide.ts';
import { done, settled } from '../builders/input.ts';
import { idleLane } from '../builders/lane.ts';
import { aLook, holding, identityOf, nothing, silent } from '../builders/look.ts';
import { aLive } from '../builders/record.ts';
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
    { when: 'a deploy over production', staging: holding('0.9.0'), previous: undefined },
    { when: 'a swap: staging holds what was live', staging: holding('1.0.0'), previous: '1.0.0' },
  ])('$when: previous is $previous', ({ staging, previous }) => {
    const { lane, told } = adopted(idleLane(), { production: holding('2.0.0'), staging });
    expect(lane.live).toMatchObject({ version: '2.0.0', build: null, deployment: null });
    expect(lane.previous?.version).toBe(previous);
    expect(told).toBe('production was changed to 2.0.0 by somebody else; adopted');
  });

  test('a swap back by hand is known again as the build that ran before', () => {
    const { lane } = adopted(idleLane(), { production: holding('0.9.0'), staging: holding('1.0.0') });
    expect(lane.live).toMatchObject({ version: '0.9.0', build: aLive('0.9.0').build, deployment: null });
    expect(lane.previous).toEqual(aLive('1.0.0'));
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
