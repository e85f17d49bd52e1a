import { describe, expect, test } from 'vitest';
import type { LaneEvent } from '../../../../shared/lane/decision.ts';
import type { Lane } from '../../../../shared/lane/lane.ts';
import type { Look } from '../../../../shared/lane/look.ts';
import { aClaim, intent, looking, planned, sending } from '../../../builders/act.ts';
import { decided, moved } from '../../../builders/decide.ts';
import { arrival, done, holdLane, refused, settled, unknown, wake } from '../../../builders/input.ts';
import { rollingBackLane } from '../../../builders/lane.ts';
import { aLook, identityOf, stampAfter, swappedLook } from '../../../builders/look.ts';
import { aPolicy } from '../../../builders/policy.ts';
import { aLive, deployment } from '../../../builders/record.ts';
import { at } from '../../../builders/time.ts';
import { always, back, type Row } from './always.ts';

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
