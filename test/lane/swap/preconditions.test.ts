import { describe, expect, test } from 'vitest';
import type { Look } from '../../../shared/lane/look.ts';
import type { Act, Goal } from '../../../shared/lane/swap/act.ts';
import { nameOf, pingFault, preconditions, warmUpPingOf } from '../../../shared/lane/swap/preconditions.ts';
import type { Identity } from '../../../shared/lane/words.ts';
import { aClaim, planned, publishGoal, resetGoal, settingsGoal, swapGoal } from '../../builders/act.ts';
import { aLook, holding, identityOf, nothing, silent, stampAfter } from '../../builders/look.ts';
import { aPolicy, timing } from '../../builders/policy.ts';
import { at } from '../../builders/time.ts';

type Planned = Extract<Act, { step: 'planned' }>;
const ping = { path: '/health', statuses: '200,204' };
const none = { path: null, statuses: null };

function judged(
  look: Partial<Look>,
  act: Planned = planned(),
  former: Identity = identityOf('1.0.0'),
  now = at('10:05'),
): string {
  const pre = preconditions(now, timing, aPolicy(), act, former, aLook(look));
  if (pre.met) return 'met';
  if ('wait' in pre) return `wait: ${pre.wait}`;
  return 'refuse' in pre ? `refuse: ${pre.refuse}` : `mismatch: ${pre.mismatch}`;
}

describe('a swap', () => {
  test.each<{ when: string; look: Partial<Look>; becomes: string }>([
    { when: 'all is as expected', look: {}, becomes: 'met' },
    {
      when: 'an operation is in progress',
      look: { operation: 'op-1' },
      becomes: 'wait: another operation (op-1) is in progress',
    },
    {
      when: 'a preview is pending',
      look: { targetSwapSlot: 'production' },
      becomes: 'refuse: a swap with preview is pending; complete or cancel it',
    },
    {
      when: 'traffic is routed elsewhere',
      look: { rampUpPercent: 5 },
      becomes: 'refuse: 5 % of production traffic is routed to a slot; remove the ramp-up rule',
    },
    {
      when: 'the site swaps by itself',
      look: { autoSwapSlot: 'production' },
      becomes: 'refuse: the site swaps with production by itself (autoSwapSlotName); turn that off',
    },
    {
      when: 'production lacks the ping',
      look: { warmUpPing: { production: none, staging: ping } },
      becomes:
        'refuse: the production slot needs WEBSITE_SWAP_WARMUP_PING_PATH=/health and WEBSITE_SWAP_WARMUP_PING_STATUSES=200,204',
    },
    {
      when: 'staging lacks the ping',
      look: { warmUpPing: { production: ping, staging: none } },
      becomes:
        'refuse: the staging slot needs WEBSITE_SWAP_WARMUP_PING_PATH=/health and WEBSITE_SWAP_WARMUP_PING_STATUSES=200,204',
    },
    {
      when: 'staging asks another path',
      look: { warmUpPing: { production: ping, staging: { ...ping, path: '/' } } },
      becomes:
        'refuse: the staging slot needs WEBSITE_SWAP_WARMUP_PING_PATH=/health and WEBSITE_SWAP_WARMUP_PING_STATUSES=200,204',
    },
    {
      when: 'production is another',
      look: { production: holding('2.0.0') },
      becomes: 'mismatch: production holds 2.0.0, expected was 1.0.0',
    },
    {
      when: 'production holds the goal already',
      look: { production: holding('1.1.0') },
      becomes: 'mismatch: production holds 1.1.0, expected was 1.0.0',
    },
    { when: 'production does not answer', look: { production: silent('1.0.0') }, becomes: 'met' },
    {
      when: 'staging is another',
      look: { staging: holding('1.2.0') },
      becomes: 'mismatch: staging holds 1.2.0, verified was 1.1.0',
    },
    {
      when: 'staging does not answer',
      look: { staging: silent('1.1.0') },
      becomes: 'mismatch: staging holds deployment k-1.1.0, verified was 1.1.0',
    },
    {
      when: 'staging answers our version from other content',
      look: { staging: { identity: { kudu: 'k-x', version: '1.1.0' }, answers: true } },
      becomes: 'mismatch: staging holds 1.1.0, verified was 1.1.0',
    },
    {
      when: 'production also answers another',
      look: { freshAnswers: ['1.0.0', '2.0.0'] },
      becomes: 'mismatch: production also answers 2.0.0',
    },
    { when: 'production answers as expected, when it does', look: { freshAnswers: ['1.0.0', null] }, becomes: 'met' },
  ])('$when → $becomes', ({ look, becomes }) => {
    expect(judged(look)).toBe(becomes);
  });

  test('an operation that does not end is not waited for', () => {
    expect(judged({ operation: 'op-1' }, planned(), identityOf('1.0.0'), at('10:30'))).toMatch('wait:');
    expect(judged({ operation: 'op-1' }, planned(), identityOf('1.0.0'), at('10:30:01'))).toBe(
      'refuse: another operation (op-1) has not ended',
    );
  });

  test('a further intent: no swap may have completed since the one before', () => {
    const second = planned(swapGoal, { attempt: 2, after: aClaim() });
    expect(judged({}, second)).toBe('met');
    expect(judged({ stamp: stampAfter }, second)).toBe('mismatch: a swap was completed since our last attempt');
    expect(judged({ stamp: stampAfter })).toBe('met');
  });

  test('two slots that say the same of themselves are never swapped', () => {
    const same: Goal = { kind: 'swap', goal: identityOf('1.0.0'), former: identityOf('1.0.0') };
    expect(judged({ staging: holding('1.0.0') }, planned(same))).toBe(
      'refuse: both slots say they hold the same build: a swap could not be told from none',
    );
  });

  test('what was adopted without an answer may answer anything: its Kudu id tells', () => {
    const former = { kudu: 'k-1.0.0', version: null };
    expect(
      judged({ freshAnswers: ['1.0.0'] }, planned({ kind: 'swap', goal: identityOf('1.1.0'), former }), former),
    ).toBe('met');
  });

  test('what was adopted and says nothing is swapped away as what it is', () => {
    const production = { identity: nothing, answers: true };
    expect(judged({ production }, planned({ kind: 'swap', goal: identityOf('1.1.0'), former: nothing }), nothing)).toBe(
      'met',
    );
  });
});

describe.each([
  { act: 'a publish', goal: publishGoal },
  { act: 'settings', goal: settingsGoal },
])('$act', ({ goal }) => {
  test.each<{ when: string; look: Partial<Look>; becomes: string }>([
    { when: 'all is as expected', look: {}, becomes: 'met' },
    { when: 'staging holds anything', look: { staging: holding('2.0.0') }, becomes: 'met' },
    {
      when: 'the site swaps by itself',
      look: { autoSwapSlot: 'production' },
      becomes: 'refuse: the site swaps with production by itself (autoSwapSlotName); turn that off',
    },
    {
      when: 'traffic is routed to the slot',
      look: { rampUpPercent: 5 },
      becomes: 'refuse: 5 % of production traffic is routed to a slot; remove the ramp-up rule',
    },
    { when: 'the ping is missing', look: { warmUpPing: { production: none, staging: none } }, becomes: 'met' },
    {
      when: 'an operation is in progress',
      look: { operation: 'op-1' },
      becomes: 'wait: another operation (op-1) is in progress',
    },
    {
      when: 'a preview is pending',
      look: { targetSwapSlot: 'production' },
      becomes: 'refuse: a swap with preview is pending; complete or cancel it',
    },
    {
      when: 'production is another',
      look: { production: holding('2.0.0') },
      becomes: 'mismatch: production holds 2.0.0, expected was 1.0.0',
    },
  ])('$when → $becomes', ({ look, becomes }) => {
    expect(judged(look, planned(goal))).toBe(becomes);
  });
});

describe('a reset', () => {
  test.each<{ when: string; look: Partial<Look>; becomes: string }>([
    { when: 'the preview is pending', look: { targetSwapSlot: 'production' }, becomes: 'met' },
    {
      when: 'the preview is pending, whatever the slots hold',
      look: { targetSwapSlot: 'production', production: holding('2.0.0') },
      becomes: 'met',
    },
    { when: 'none is pending any more', look: {}, becomes: 'refuse: no swap with preview is pending any more' },
    {
      when: 'an operation is in progress',
      look: { operation: 'op-1', targetSwapSlot: 'production' },
      becomes: 'wait: another operation (op-1) is in progress',
    },
  ])('$when → $becomes', ({ look, becomes }) => {
    expect(judged(look, planned(resetGoal()))).toBe(becomes);
  });
});

test('the ping is what the policy asks of a warm slot', () => {
  expect(warmUpPingOf(aPolicy())).toEqual(ping);
  expect(pingFault(aPolicy(), aLook(), 'staging')).toBeNull();
});

test.each([
  { identity: identityOf('1.0.0'), name: '1.0.0' },
  { identity: { kudu: 'k', version: null }, name: 'deployment k' },
  { identity: nothing, name: 'nothing we know' },
])('$identity is called $name', ({ identity, name }) => {
  expect(nameOf(identity)).toBe(name);
});
