import { describe, expect, test } from 'vitest';
import type { EffectResult, Polled } from '../../../shared/lane/effect.ts';
import type { Look, Published } from '../../../shared/lane/look.ts';
import type { Act, Goal } from '../../../shared/lane/swap/act.ts';
import { type ActEvent, type ActFacts, type ActMove, advance, plan } from '../../../shared/lane/swap/advance.ts';
import type { IntentId } from '../../../shared/lane/words.ts';
import {
  aClaim,
  accepted,
  intent,
  looking,
  planned,
  publishGoal,
  quiet,
  resetGoal,
  sending,
  settingsGoal,
  swapGoal,
} from '../../builders/act.ts';
import { done, refused, settled, unknown } from '../../builders/input.ts';
import { aLook, holding, stampBefore, swappedLook } from '../../builders/look.ts';
import { timing } from '../../builders/policy.ts';
import { deployment } from '../../builders/record.ts';
import { at } from '../../builders/time.ts';

const next = 'd-1.1.0-4' as IntentId;
const facts = (now = at('10:05')): ActFacts => ({ now, timing, deployment, newIntent: () => next });
const wake: ActEvent = { type: 'wake' };
const event = (of: 'act' | 'poll' | 'look', result: EffectResult<never>, about = intent): ActEvent =>
  settled({ type: of, deployment, intent: about }, result) as ActEvent;
const sent = (token: string | null, complete = false): ActEvent =>
  event('act', done({ token, complete }) as EffectResult<never>);
const polled = (value: Polled): ActEvent => event('poll', done(value) as EffectResult<never>);
const looked = (look: Look): ActEvent => event('look', done(look) as EffectResult<never>);
const mismatch = (look: Look): ActEvent => event('act', { end: 'refused', because: 'production holds 2.0.0', look });
const later = { end: 'later', when: at('10:06'), because: 'throttled' } as const;

/** A move in one line: the step it goes on to (with its attempt), what is asked for and when to come back; or how it ended. */
function summary(move: ActMove): string {
  if (move.is === 'done') return 'done';
  if (move.is !== 'on') return `${move.is}: ${move.because}`;
  const { act, effects, wakeInMs } = move;
  const attempt = act.attempt === 1 ? '' : ` (attempt ${act.attempt})`;
  return `${act.step}${attempt}${effects.map(({ type }) => `, asks ${type}`).join('')}, ${wakeInMs / 1000} s`;
}

type Row = { when: string; event: ActEvent; becomes: string; act?: Act; now?: Date };
const run = (rows: Row[], usual: Act) =>
  test.each(rows)('$when → $becomes', ({ event, becomes, act = usual, now = at('10:05') }) => {
    expect(summary(advance(facts(now), act, event))).toBe(becomes);
  });

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

describe('planned', () => {
  const strange = aLook({ production: holding('2.0.0'), at: at('10:04') });
  const nothingClaimed = 'ignored: nothing was claimed yet';
  run(
    [
      { when: 'the clock comes', event: wake, becomes: 'planned, asks act, 10 s' },
      { when: 'it is refused for good', event: event('act', refused), becomes: 'failed: forbidden' },
      { when: 'the slots are not as expected', event: mismatch(strange), becomes: 'planned, 15 s' },
      {
        when: 'they are not, again, too soon',
        event: mismatch({ ...strange, at: at('10:04:14') }),
        act: planned(swapGoal, { mismatch: strange }),
        becomes: 'planned, 15 s',
      },
      {
        when: 'they are not, again',
        event: mismatch({ ...strange, at: at('10:04:15') }),
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

describe('sending', () => {
  run(
    [
      { when: 'the clock comes', event: wake, becomes: 'quiet, 200 s' },
      { when: 'it was taken and can be polled', event: sent('token'), becomes: 'accepted, 5 s' },
      { when: 'it was taken and cannot be polled', event: sent(null), becomes: 'quiet, 200 s' },
      { when: 'it was carried out at once', event: sent(null, true), becomes: 'looking, asks look, 10 s' },
      { when: 'it was refused', event: event('act', refused), becomes: 'planned (attempt 2), 10 s' },
      {
        when: 'it was refused until later',
        event: event('act', { ...refused, retryAt: at('10:06') }),
        becomes: 'planned (attempt 2), 60 s',
      },
      {
        when: 'it was refused until a moment ago',
        event: event('act', { ...refused, retryAt: at('10:04') }),
        becomes: 'planned (attempt 2), 10 s',
      },
      {
        when: 'it was refused a second time',
        event: event('act', refused),
        act: sending(swapGoal, { attempt: 2 }),
        becomes: 'failed: forbidden',
      },
      { when: 'its outcome is unknown', event: event('act', unknown), becomes: 'quiet, 200 s' },
      { when: 'it was put off', event: event('act', later), becomes: 'quiet, 200 s' },
      { when: 'a look comes', event: looked(swappedLook()), becomes: 'ignored: the request is on its way' },
      { when: 'a poll comes', event: polled({ state: 'running' }), becomes: 'ignored: the request is on its way' },
      {
        when: 'the result of another intent comes',
        event: event('act', refused, next),
        becomes: 'ignored: the result of an earlier act',
      },
    ],
    sending(),
  );

  test('a second intent remembers the claim of the first: no swap may have completed since', () => {
    expect(advance(facts(), sending(), event('act', refused))).toMatchObject({
      is: 'on',
      act: { intent: next, attempt: 2, since: at('10:05'), after: aClaim(), mismatch: null },
    });
  });

  test('quiet begins with the decision that enters it', () => {
    expect(advance(facts(), sending(), wake)).toMatchObject({
      is: 'on',
      act: { until: at('10:08:20'), claim: aClaim() },
    });
  });
});

describe('accepted', () => {
  const runs: Polled = { state: 'running' };
  run(
    [
      { when: 'the clock comes', event: wake, becomes: 'accepted, asks poll, 10 s' },
      { when: 'it still runs', event: polled(runs), becomes: 'accepted, 10 s' },
      { when: 'it runs for too long', event: polled(runs), now: at('10:30:06'), becomes: 'quiet, 200 s' },
      {
        when: 'it ended well',
        event: polled({ state: 'ended', well: true, because: '200' }),
        becomes: 'looking, asks look, 10 s',
      },
      {
        when: 'it ended badly, which is a hint',
        event: polled({ state: 'ended', well: false, because: 'warm-up failed' }),
        becomes: 'looking, asks look, 10 s',
      },
      { when: 'polling is lost', event: polled({ state: 'lost', because: '404' }), becomes: 'quiet, 200 s' },
      { when: 'polling is refused', event: event('poll', refused), becomes: 'quiet, 200 s' },
      { when: 'how polling ended is unknown', event: event('poll', unknown), becomes: 'quiet, 200 s' },
      { when: 'a look comes', event: looked(swappedLook()), becomes: 'ignored: an accepted act is polled' },
      { when: 'the request ends a second time', event: sent('token'), becomes: 'ignored: an accepted act is polled' },
      {
        when: 'the poll of another intent comes',
        event: event('poll', refused, next),
        becomes: 'ignored: the result of an earlier act',
      },
    ],
    accepted(),
  );

  test('polls are counted', () => {
    expect(advance(facts(), accepted(swapGoal, { polls: 2 }), polled(runs))).toMatchObject({
      is: 'on',
      act: { polls: 3, acceptedAt: at('10:00:05') },
    });
  });
});

describe('quiet', () => {
  const silence = 'ignored: nothing is concluded in the quiet period';
  run(
    [
      { when: 'the clock comes early', event: wake, now: at('10:04:10'), becomes: 'quiet, 50 s' },
      { when: 'the period is over', event: wake, becomes: 'looking, asks look, 10 s' },
      { when: 'looks would show the goal', event: looked(swappedLook()), becomes: silence },
      { when: 'the request ends after all', event: sent('token'), becomes: silence },
      { when: 'a refusal comes after all', event: event('act', refused), becomes: silence },
      { when: 'a poll comes', event: polled({ state: 'ended', well: true, because: '200' }), becomes: silence },
    ],
    quiet(),
  );
});

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
      { when: 'it cannot be looked at', event: event('look', refused), becomes: 'needs-human: cannot look: forbidden' },
      {
        when: 'how the look ended is unknown',
        event: event('look', unknown),
        becomes: 'needs-human: cannot look: the connection was reset',
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
