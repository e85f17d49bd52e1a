import { describe, expect, test } from 'vitest';
import type { Lane } from '../../../../shared/lane/lane.ts';
import type { Published } from '../../../../shared/lane/look.ts';
import { intent, looking, publishGoal, sending } from '../../../builders/act.ts';
import { aBuild } from '../../../builders/build.ts';
import { decided, moved } from '../../../builders/decide.ts';
import { done, refused, rollBack, settled } from '../../../builders/input.ts';
import { publishing } from '../../../builders/lane.ts';
import { aLook } from '../../../builders/look.ts';
import { aLive, deployment } from '../../../builders/record.ts';
import { at } from '../../../builders/time.ts';

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
      lane: { ...publishing(sending(publishGoal)), kept: [], previous: null },
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
