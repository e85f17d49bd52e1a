import { describe, expect, test } from 'vitest';
import type { LaneEvent } from '../../../../shared/lane/decision.ts';
import type { Lane } from '../../../../shared/lane/lane.ts';
import type { Published } from '../../../../shared/lane/look.ts';
import { intent, looking, publishGoal, settingsGoal } from '../../../builders/act.ts';
import { decided, moved } from '../../../builders/decide.ts';
import { arrival, copied, copyRefused, done, holdLane, refused, settled, wake } from '../../../builders/input.ts';
import { publishing, stagingLane } from '../../../builders/lane.ts';
import { aLook, identityOf } from '../../../builders/look.ts';
import { aLive, deployment } from '../../../builders/record.ts';
import { at } from '../../../builders/time.ts';
import { always, type Row } from './always.ts';

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
