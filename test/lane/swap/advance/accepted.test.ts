import { describe, expect, test } from 'vitest';
import type { Polled } from '../../../../shared/lane/effect.ts';
import { advance } from '../../../../shared/lane/swap/advance.ts';
import { accepted, quiet, swapGoal } from '../../../builders/act.ts';
import { refused, unknown } from '../../../builders/input.ts';
import { swappedLook } from '../../../builders/look.ts';
import { at } from '../../../builders/time.ts';
import { event, facts, looked, next, polled, run, sent, wake } from './moves.ts';

describe('accepted', () => {
  const runs: Polled = { state: 'running' };
  run(
    [
      { when: 'the clock comes', event: wake, becomes: 'accepted, asks poll, 10 s' },
      { when: 'no poll has come back for half an hour', event: wake, now: at('10:30:06'), becomes: 'quiet, 200 s' },
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
