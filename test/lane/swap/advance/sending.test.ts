import { describe, expect, test } from 'vitest';
import { advance } from '../../../../shared/lane/swap/advance.ts';
import { aClaim, sending, swapGoal } from '../../../builders/act.ts';
import { refused, unknown } from '../../../builders/input.ts';
import { swappedLook } from '../../../builders/look.ts';
import { at } from '../../../builders/time.ts';
import { event, facts, later, looked, next, polled, run, sent, wake } from './moves.ts';

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
      act: { intent: next, attempt: 2, since: at('10:05:10'), after: aClaim(), mismatch: null },
    });
  });

  test('quiet begins with the decision that enters it', () => {
    expect(advance(facts(), sending(), wake)).toMatchObject({
      is: 'on',
      act: { until: at('10:08:20'), claim: aClaim() },
    });
  });
});
