import { describe, expect, test } from 'vitest';
import type { Act } from '../../../../shared/lane/swap/act.ts';
import { type ActEvent, advance, plan } from '../../../../shared/lane/swap/advance.ts';
import { accepted, planned, sending, swapGoal } from '../../../builders/act.ts';
import { done, refused, settled, unknown } from '../../../builders/input.ts';
import { aLook, holding, swappedLook } from '../../../builders/look.ts';
import { timing } from '../../../builders/policy.ts';
import { deployment } from '../../../builders/record.ts';
import { at } from '../../../builders/time.ts';
import { event, facts, looked, mismatch, next, run, sent, summary, wake } from './moves.ts';

test('a plan is an intent of its own and one effect that claims and sends it', () => {
  expect(plan(facts(), swapGoal)).toEqual({
    act: { step: 'planned', goal: swapGoal, intent: next, attempt: 1, since: at('10:05'), after: null, mismatch: null },
    effect: { type: 'act', deployment, intent: next },
    wakeInMs: 10_000,
  });
});

test('a short profile comes back sooner', () => {
  expect(plan({ ...facts(), timing: { ...timing, pollThenMs: 400 } }, swapGoal).wakeInMs).toBe(400);
});

describe('while WARMSWAP_STOP is set', () => {
  const stopped = (time: string) => ({ ...facts(at(time)), waits: 'WARMSWAP_STOP is set' });

  test('a planned act waits, however long, says so in the same words, and has its whole time afterwards', () => {
    let act: Act = planned();
    for (const time of ['10:05', '10:31', '14:00']) {
      const move = advance(stopped(time), act, wake);
      expect(summary(move)).toBe('planned, asks act, 10 s');
      if (move.is !== 'on') throw new Error('it ended');
      expect(move.told).toBe('waits: WARMSWAP_STOP is set');
      act = move.act;
    }
    expect(summary(advance(facts(at('14:30')), act, wake))).toBe('planned, asks act, 10 s');
    expect(summary(advance(facts(at('14:30:01')), act, wake))).toBe('failed: it could not be begun in time');
  });

  test('an act that was sent before is followed all the same', () => {
    expect(summary(advance(stopped('10:05'), accepted(), wake))).toBe('accepted, asks poll, 10 s');
    expect(summary(advance(stopped('10:05'), sending(), wake))).toBe('quiet, 200 s');
  });
});

describe('planned', () => {
  const strange = aLook({ production: holding('2.0.0'), at: at('10:04') });
  const nothingClaimed = 'ignored: nothing was claimed yet';
  run(
    [
      { when: 'the clock comes', event: wake, becomes: 'planned, asks act, 10 s' },
      {
        when: 'it could not be tried for half an hour',
        event: wake,
        now: at('10:30:01'),
        becomes: 'failed: it could not be begun in time',
      },
      { when: 'it is refused for good', event: event('act', refused), becomes: 'failed: forbidden' },
      { when: 'the slots are not as expected', event: mismatch(strange), becomes: 'planned, 15 s' },
      {
        when: 'they are not, again, too soon',
        event: mismatch({ ...strange, began: at('10:04:14'), at: at('10:04:20') }),
        act: planned(swapGoal, { mismatch: strange }),
        becomes: 'planned, 15 s',
      },
      {
        when: 'they are not, again',
        event: mismatch({ ...strange, began: at('10:04:15'), at: at('10:04:20') }),
        act: planned(swapGoal, { mismatch: strange }),
        becomes: 'needs-human: production holds 2.0.0',
      },
      {
        when: 'they are otherwise unexpected',
        event: mismatch(aLook({ production: holding('3.0.0') })),
        act: planned(swapGoal, { mismatch: strange }),
        becomes: 'planned, 15 s',
      },
      {
        when: 'no two looks agree for half an hour',
        event: mismatch(aLook({ production: holding('3.0.0') })),
        act: planned(swapGoal, { mismatch: strange }),
        now: at('10:30:01'),
        becomes: 'needs-human: no two looks agree: production holds 2.0.0',
      },
      {
        when: 'a result is unknown although nothing was claimed',
        event: event('act', unknown),
        becomes: nothingClaimed,
      },
      { when: 'it is done although nothing was claimed', event: sent('token'), becomes: nothingClaimed },
      { when: 'a look comes', event: looked(swappedLook()), becomes: nothingClaimed },
      {
        when: 'the result of another intent comes',
        event: event('act', refused, next),
        becomes: 'ignored: the result of an earlier act',
      },
      {
        when: 'another effect ends',
        event: settled({ type: 'verify', deployment }, done([])) as ActEvent,
        becomes: 'ignored: the result of an earlier act',
      },
    ],
    planned(),
  );

  test('the first of two equal mismatches is kept, the last of two unlike ones', () => {
    const first = advance(facts(), planned(), mismatch(strange));
    expect(first).toMatchObject({ is: 'on', act: { mismatch: strange } });
    const again = advance(
      facts(),
      planned(swapGoal, { mismatch: strange }),
      mismatch({ ...strange, at: at('10:04:10') }),
    );
    expect(again).toMatchObject({ is: 'on', act: { mismatch: { at: at('10:04') } } });
    const unlike = advance(
      facts(),
      planned(swapGoal, { mismatch: strange }),
      mismatch(aLook({ production: holding('3.0.0') })),
    );
    expect(unlike).toMatchObject({ is: 'on', act: { mismatch: { production: holding('3.0.0') } } });
  });
});
