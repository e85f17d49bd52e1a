import { describe, expect, test } from 'vitest';
import type { LaneEvent } from '../../../../shared/lane/decision.ts';
import type { Lane } from '../../../../shared/lane/lane.ts';
import type { Look, Published } from '../../../../shared/lane/look.ts';
import { intent, looking, planned } from '../../../builders/act.ts';
import { decided, moved } from '../../../builders/decide.ts';
import { arrival, done, holdLane, refused, settled, wake } from '../../../builders/input.ts';
import { rollingBackLane } from '../../../builders/lane.ts';
import { holding, identityOf, swappedLook } from '../../../builders/look.ts';
import { aPolicy } from '../../../builders/policy.ts';
import { deployment } from '../../../builders/record.ts';
import { at } from '../../../builders/time.ts';
import { again, always, kept, type Row } from './always.ts';

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
