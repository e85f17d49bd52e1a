import { describe, expect, test } from 'vitest';
import type { Published } from '../../../../shared/lane/look.ts';
import { advance } from '../../../../shared/lane/swap/advance.ts';
import { looking, publishGoal, settingsGoal, swapGoal } from '../../../builders/act.ts';
import { refused, unknown } from '../../../builders/input.ts';
import { aLook, holding, swappedLook } from '../../../builders/look.ts';
import { at } from '../../../builders/time.ts';
import { event, facts, looked, next, polled, run, wake } from './moves.ts';

describe('looking', () => {
  const first = swappedLook({ at: at('10:04:30') });
  const oldFirst = aLook({ at: at('10:04:30') });
  const noPublish: Published = { state: 'none' };
  run(
    [
      { when: 'the clock comes', event: wake, becomes: 'looking, asks look, 10 s' },
      { when: 'the first look shows the goal', event: looked(swappedLook()), becomes: 'looking, 15 s' },
      {
        when: 'the second shows it too soon',
        event: looked(swappedLook({ at: at('10:04:44') })),
        act: looking(swapGoal, { first }),
        becomes: 'looking, 15 s',
      },
      {
        when: 'the second shows it',
        event: looked(swappedLook({ at: at('10:04:45') })),
        act: looking(swapGoal, { first }),
        becomes: 'done',
      },
      {
        when: 'the second shows another stamp',
        event: looked(swappedLook({ stamp: 'x' })),
        act: looking(swapGoal, { first }),
        becomes: 'looking, 15 s',
      },
      {
        when: 'both show that nothing happened',
        event: looked(aLook()),
        act: looking(swapGoal, { first: oldFirst }),
        becomes: 'planned (attempt 2), asks act, 10 s',
      },
      {
        when: 'both show it of the second intent',
        event: looked(aLook()),
        act: looking(swapGoal, { first: oldFirst, attempt: 2 }),
        becomes: 'failed: the swap did not take place',
      },
      {
        when: 'both show a pending preview',
        event: looked(aLook({ targetSwapSlot: 'production' })),
        act: looking(swapGoal, { first: { ...oldFirst, targetSwapSlot: 'production' } }),
        becomes: 'planned, asks act, 10 s',
      },
      {
        when: 'both show a stranger',
        event: looked(swappedLook({ production: holding('2.0.0') })),
        act: looking(swapGoal, { first: { ...first, production: holding('2.0.0') } }),
        becomes: 'needs-human: a swap was completed; production holds 2.0.0, staging 1.0.0',
      },
      {
        when: 'an operation is in progress',
        event: looked(swappedLook({ operation: 'op' })),
        act: looking(swapGoal, { first }),
        becomes: 'looking, 10 s',
      },
      {
        when: 'an operation does not end',
        event: looked(swappedLook({ operation: 'op' })),
        now: at('10:34:01'),
        becomes: 'needs-human: an operation on the site does not end',
      },
      {
        when: 'our publish still runs',
        event: looked(aLook({ published: { state: 'running', kudu: 'k' } })),
        act: looking(publishGoal),
        becomes: 'looking, 10 s',
      },
      {
        when: 'a publish is seen once',
        event: looked(aLook({ published: noPublish })),
        act: looking(publishGoal, {
          first: aLook({ at: at('10:04:30'), published: { state: 'complete', kudu: 'k', active: true } }),
        }),
        becomes: 'looking, 15 s',
      },
      {
        when: 'settings are seen once',
        event: looked(aLook()),
        act: looking(settingsGoal, {
          first: { ...oldFirst, warmUpPing: { ...oldFirst.warmUpPing, staging: { path: null, statuses: null } } },
        }),
        becomes: 'looking, 15 s',
      },
      {
        when: 'no two looks agree',
        event: looked(swappedLook()),
        act: looking(swapGoal, { first: oldFirst }),
        now: at('10:34:01'),
        becomes: 'needs-human: no two looks agree',
      },
      { when: 'it cannot be looked at', event: event('look', refused), becomes: 'looking, 10 s' },
      {
        when: 'it cannot be looked at for half an hour',
        event: event('look', refused),
        now: at('10:34:01'),
        becomes: 'needs-human: cannot look: forbidden',
      },
      {
        when: 'no look has come back for half an hour',
        event: wake,
        now: at('10:34:01'),
        becomes: 'needs-human: cannot look: nobody told what the slots hold',
      },
      {
        when: 'the first look comes after half an hour',
        event: looked(swappedLook({ at: at('10:34:01') })),
        now: at('10:34:01'),
        becomes: 'looking, 15 s',
      },
      {
        when: 'the clock comes after such a look',
        event: wake,
        act: looking(swapGoal, { first: swappedLook({ at: at('10:34:01') }) }),
        now: at('10:34:16'),
        becomes: 'looking, asks look, 10 s',
      },
      {
        when: 'how the look ended is unknown',
        event: event('look', unknown),
        becomes: 'looking, 10 s',
      },
      { when: 'a poll comes', event: polled({ state: 'running' }), becomes: 'ignored: looks decide now' },
      {
        when: 'the look of another intent comes',
        event: event('look', refused, next),
        becomes: 'ignored: the result of an earlier act',
      },
    ],
    looking(),
  );

  test('one look that fails does not lose what the first one saw', () => {
    const failed = advance(facts(), looking(swapGoal, { first }), event('look', refused));
    if (failed.is !== 'on') throw new Error(failed.is);
    expect(advance(facts(), failed.act, looked(swappedLook()))).toMatchObject({ is: 'done' });
  });

  test('after an operation two equal looks are needed anew', () => {
    expect(advance(facts(), looking(swapGoal, { first }), looked(swappedLook({ operation: 'op' })))).toMatchObject({
      act: { first: null },
    });
  });

  test.each([
    { shows: 'the former build', look: aLook(), lastOld: at('10:05') },
    { shows: 'the new build', look: swappedLook(), lastOld: at('10:00') },
    {
      shows: 'the former content, silent',
      look: aLook({ production: { identity: { kudu: 'k-1.0.0', version: null }, answers: false } }),
      lastOld: at('10:05'),
    },
  ])('a look that shows $shows: the last look at the old is $lastOld', ({ look, lastOld }) => {
    expect(advance(facts(), looking(), looked(look))).toMatchObject({ act: { lastOld } });
  });

  test('production switched between the last look at the old and the first at the new', () => {
    const act = looking(swapGoal, { first, lastOld: at('10:03') });
    expect(advance(facts(), act, looked(swappedLook()))).toMatchObject({
      is: 'done',
      switchedBetween: { from: at('10:03'), to: at('10:04:30') },
    });
  });

  test('lagging looks: what is shown first is the past, and it is believed only when it is shown twice', () => {
    const past = advance(facts(), looking(), looked(aLook({ at: at('10:05') })));
    if (past.is !== 'on') throw new Error(past.is);
    const present = advance(facts(), past.act, looked(swappedLook({ at: at('10:05:15') })));
    if (present.is !== 'on') throw new Error(present.is);
    expect(present.act).toMatchObject({ step: 'looking', lastOld: at('10:05') });
    const move = advance(facts(), present.act, looked(swappedLook({ at: at('10:05:30') })));
    expect(move).toMatchObject({ is: 'done', switchedBetween: { from: at('10:05'), to: at('10:05:15') } });
  });
});

test.each([
  {
    step: 'publish',
    act: looking(publishGoal, {
      first: aLook({ at: at('10:04:30'), published: { state: 'complete', kudu: 'k', active: true } }),
    }),
    look: aLook({ published: { state: 'complete', kudu: 'k', active: true } }),
  },
  { step: 'settings', act: looking(settingsGoal, { first: aLook({ at: at('10:04:30') }) }), look: aLook() },
])('a $step is found done by two equal looks', ({ act, look }) => {
  expect(advance(facts(), act, looked(look))).toMatchObject({ is: 'done', look });
});
