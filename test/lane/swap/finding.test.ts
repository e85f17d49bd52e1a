import { describe, expect, test } from 'vitest';
import type { Look, SlotLook } from '../../../shared/lane/look.ts';
import { findingOf } from '../../../shared/lane/swap/finding.ts';
import { looking, publishGoal, resetGoal, settingsGoal, swapGoal } from '../../builders/act.ts';
import { aLook, holding, identityOf, nothing, silent, stampAfter, stampBefore } from '../../builders/look.ts';
import { at } from '../../builders/time.ts';

const found = (look: Look, goal = swapGoal): string => {
  const finding = findingOf(looking(goal, { lastOld: at('10:03') }), { ...look, at: at('10:04:30') }, look);
  return 'because' in finding ? `${finding.found}: ${finding.because}` : finding.found;
};

const former = holding('1.0.0');
const goal = holding('1.1.0');
const stranger = holding('2.0.0');
const empty: SlotLook = { identity: nothing, answers: false };

/** Every pair of what the slots can hold, with the stamp of the claim (still) and with another one (moved). */
describe('a swap', () => {
  const still = (slots: string) => `foreign: no swap was completed; ${slots}`;
  const moved = (slots: string) => `foreign: a swap was completed; ${slots}`;
  test.each([
    { production: goal, staging: former, still: still('production holds 1.1.0, staging 1.0.0'), moved: 'done' },
    {
      production: former,
      staging: goal,
      still: 'not-started: the swap did not take place',
      moved: moved('production holds 1.0.0, staging 1.1.0'),
    },
    {
      production: goal,
      staging: goal,
      still: still('production holds 1.1.0, staging 1.1.0'),
      moved: moved('production holds 1.1.0, staging 1.1.0'),
    },
    {
      production: former,
      staging: former,
      still: still('production holds 1.0.0, staging 1.0.0'),
      moved: moved('production holds 1.0.0, staging 1.0.0'),
    },
    {
      production: goal,
      staging: stranger,
      still: still('production holds 1.1.0, staging 2.0.0'),
      moved: moved('production holds 1.1.0, staging 2.0.0'),
    },
    {
      production: former,
      staging: stranger,
      still: still('production holds 1.0.0, staging 2.0.0'),
      moved: moved('production holds 1.0.0, staging 2.0.0'),
    },
    {
      production: stranger,
      staging: former,
      still: still('production holds 2.0.0, staging 1.0.0'),
      moved: moved('production holds 2.0.0, staging 1.0.0'),
    },
    {
      production: stranger,
      staging: goal,
      still: still('production holds 2.0.0, staging 1.1.0'),
      moved: moved('production holds 2.0.0, staging 1.1.0'),
    },
    {
      production: stranger,
      staging: stranger,
      still: still('production holds 2.0.0, staging 2.0.0'),
      moved: moved('production holds 2.0.0, staging 2.0.0'),
    },
    {
      production: goal,
      staging: empty,
      still: still('production holds 1.1.0, staging nothing we know'),
      moved: moved('production holds 1.1.0, staging nothing we know'),
    },
    {
      production: empty,
      staging: goal,
      still: still('production holds nothing we know, staging 1.1.0'),
      moved: moved('production holds nothing we know, staging 1.1.0'),
    },
    {
      production: silent('1.1.0'),
      staging: former,
      still: still('production holds deployment k-1.1.0, staging 1.0.0'),
      moved: 'done',
    },
    {
      production: goal,
      staging: silent('1.0.0'),
      still: still('production holds 1.1.0, staging deployment k-1.0.0'),
      moved: 'done',
    },
    {
      production: silent('1.0.0'),
      staging: silent('1.1.0'),
      still: 'not-started: the swap did not take place',
      moved: moved('production holds deployment k-1.0.0, staging deployment k-1.1.0'),
    },
  ])('production $production.identity, staging $staging.identity: still → $still, moved → $moved', (row) => {
    const { production, staging } = row;
    expect(found(aLook({ production, staging, stamp: stampBefore }))).toBe(row.still);
    expect(found(aLook({ production, staging, stamp: stampAfter }))).toBe(row.moved);
    expect(found(aLook({ production, staging, stamp: null }))).toBe(row.moved);
  });

  test.each([
    { slots: 'swapped', look: { production: goal, staging: former, stamp: stampAfter } },
    { slots: 'as before', look: {} },
    { slots: 'strange', look: { production: stranger } },
  ])('a pending preview comes before everything else: slots $slots', ({ look }) => {
    expect(found(aLook({ ...look, targetSwapSlot: 'production' }))).toBe('preview-pending');
  });

  test.each([
    { answers: ['1.1.0', '1.1.0'], becomes: 'done' },
    { answers: ['1.1.0', null], becomes: 'done' },
    {
      answers: ['1.1.0', '1.0.0'],
      becomes: 'foreign: production also answers 1.0.0; production holds 1.1.0, staging 1.0.0',
    },
    {
      answers: ['3.0.0', '2.0.0'],
      becomes: 'foreign: production also answers 3.0.0, 2.0.0; production holds 1.1.0, staging 1.0.0',
    },
  ])('done, with $answers on new connections → $becomes', ({ answers, becomes }) => {
    expect(found(aLook({ production: goal, staging: former, stamp: stampAfter, freshAnswers: answers }))).toBe(becomes);
  });

  test('an app that was silent for one moment is not a stranger for what it answered in the next', () => {
    expect(
      found(aLook({ production: silent('1.1.0'), staging: former, stamp: stampAfter, freshAnswers: ['1.1.0'] })),
    ).toBe('done');
  });

  test.each([
    { answers: ['1.0.0', null], becomes: 'not-started: the swap did not take place' },
    {
      answers: ['1.0.0', '1.1.0'],
      becomes: 'foreign: production also answers 1.1.0; production holds 1.0.0, staging 1.1.0',
    },
  ])('not started, with $answers on new connections → $becomes', ({ answers, becomes }) => {
    expect(found(aLook({ freshAnswers: answers }))).toBe(becomes);
  });

  test('what was adopted without an answer may answer anything: its Kudu id tells', () => {
    const adopted = { ...swapGoal, former: { kudu: 'k-1.0.0', version: null } } as typeof swapGoal;
    expect(found(aLook({ freshAnswers: ['1.0.0'] }), adopted)).toBe('not-started: the swap did not take place');
  });

  test('it went live with the first of the equal looks, and not before the last look at the old', () => {
    const look = aLook({ production: goal, staging: former, stamp: stampAfter });
    expect(findingOf(looking(swapGoal, { lastOld: at('10:03') }), { ...look, at: at('10:04:30') }, look)).toEqual({
      found: 'done',
      look,
      switchedBetween: { from: at('10:03'), to: at('10:04:30') },
    });
  });
});

test.each([
  { published: null, becomes: 'foreign: how our publish stands was not seen; production holds 1.0.0, staging 1.1.0' },
  {
    published: { state: 'running', kudu: 'k' } as const,
    becomes: 'foreign: how our publish stands was not seen; production holds 1.0.0, staging 1.1.0',
  },
  { published: { state: 'none' } as const, becomes: 'not-started: the publish was never taken' },
  {
    published: { state: 'failed', kudu: 'k', because: 'disk full' } as const,
    becomes: 'not-started: the publish failed: disk full',
  },
  { published: { state: 'complete', kudu: 'k', active: true } as const, becomes: 'done' },
  {
    published: { state: 'complete', kudu: 'k', active: false } as const,
    becomes: 'foreign: our publish is complete, but the slot holds another; production holds 1.0.0, staging 1.1.0',
  },
])('a publish: $published → $becomes', ({ published, becomes }) => {
  expect(found(aLook({ published }), publishGoal)).toBe(becomes);
});

test.each([
  { staging: { path: '/health', statuses: '200,204' }, becomes: 'done' },
  {
    staging: { path: '/', statuses: '200,204' },
    becomes: 'not-started: the warm-up settings of staging did not change',
  },
  {
    staging: { path: '/health', statuses: '200' },
    becomes: 'not-started: the warm-up settings of staging did not change',
  },
  { staging: { path: null, statuses: null }, becomes: 'not-started: the warm-up settings of staging did not change' },
])('settings: $staging → $becomes', ({ staging, becomes }) => {
  expect(found(aLook({ warmUpPing: { production: { path: null, statuses: null }, staging } }), settingsGoal)).toBe(
    becomes,
  );
});

test.each([
  { targetSwapSlot: null, becomes: 'done' },
  { targetSwapSlot: 'production', becomes: 'not-started: the swap with preview is still pending' },
])('a reset: $targetSwapSlot → $becomes', ({ targetSwapSlot, becomes }) => {
  expect(found(aLook({ targetSwapSlot }), resetGoal())).toBe(becomes);
});

test('identities in the tables above are those the goal names', () => {
  expect(swapGoal).toEqual({ kind: 'swap', goal: identityOf('1.1.0'), former: identityOf('1.0.0') });
});
