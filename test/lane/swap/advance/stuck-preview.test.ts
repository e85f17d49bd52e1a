import { describe, expect, test } from 'vitest';
import type { EffectResult } from '../../../../shared/lane/effect.ts';
import type { Goal } from '../../../../shared/lane/swap/act.ts';
import { advance } from '../../../../shared/lane/swap/advance.ts';
import { intent, looking, planned, resetGoal, sending, swapGoal } from '../../../builders/act.ts';
import { done, refused } from '../../../builders/input.ts';
import { aLook, stampBefore, swappedLook } from '../../../builders/look.ts';
import { at } from '../../../builders/time.ts';
import { event, facts, looked, next, run, sent, summary, wake } from './moves.ts';

describe('a stuck preview', () => {
  const stuck = (time: string) => aLook({ at: at(time), targetSwapSlot: 'production' });
  const seen = looking(swapGoal, { first: stuck('10:04:30') });

  test('is reset as an act of its own, with an intent of its own; the swap waits inside its goal', () => {
    const move = advance(facts(), seen, looked(stuck('10:05')));
    expect(move).toMatchObject({
      is: 'on',
      act: {
        step: 'planned',
        attempt: 1,
        intent: next,
        goal: { kind: 'reset', interrupted: { intent, first: null, claim: { look: { stamp: stampBefore } } } },
      },
    });
  });

  run(
    [
      { when: 'the clock comes', event: wake, becomes: 'planned, asks act, 10 s' },
      {
        when: 'the reset is refused for good',
        event: event('act', refused),
        becomes: 'needs-human: the pending preview could not be reset: forbidden',
      },
      { when: 'another result comes', event: event('poll', refused), becomes: 'ignored: nothing was claimed yet' },
      { when: 'it was sent', event: sent(null, true), act: sending(resetGoal()), becomes: 'looking, asks look, 10 s' },
      {
        when: 'both looks show it pending',
        event: looked(stuck('10:05')),
        act: looking(resetGoal(), { first: stuck('10:04:30') }),
        becomes: 'planned (attempt 2), asks act, 10 s',
      },
      {
        when: 'both looks show it pending still',
        event: looked(stuck('10:05')),
        act: looking(resetGoal(), { first: stuck('10:04:30'), attempt: 2 }),
        becomes: 'needs-human: the pending preview could not be reset: the swap with preview is still pending',
      },
      {
        when: 'both looks show it gone',
        event: looked(aLook()),
        act: looking(resetGoal(), { first: aLook({ at: at('10:04:30') }) }),
        becomes: 'looking, 5 s',
      },
    ],
    planned(resetGoal()),
  );

  test('after the reset the swap is looked at again, under its own intent, for as long as ever', () => {
    const goal: Goal = { kind: 'reset', interrupted: seen };
    const move = advance(
      facts(),
      looking(goal, { intent: next, first: aLook({ at: at('10:04:30') }) }),
      event('look', done(aLook()) as EffectResult<never>, next),
    );
    expect(move).toMatchObject({ is: 'on', act: { ...seen, since: at('10:05') } });
  });

  test.each([
    { shows: 'the former build', look: aLook(), becomes: 'planned (attempt 2), asks act, 10 s' },
    { shows: 'the goal', look: swappedLook(), becomes: 'done' },
  ])('then two equal looks that show $shows → $becomes', ({ look, becomes }) => {
    const act = looking(swapGoal, { first: { ...look, at: at('10:04:30') } });
    expect(summary(advance(facts(), act, looked(look)))).toBe(becomes);
  });
});
