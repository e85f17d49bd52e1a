import { expect, test } from 'vitest';
import type { EffectResult, Polled } from '../../../../shared/lane/effect.ts';
import type { Look } from '../../../../shared/lane/look.ts';
import type { Act } from '../../../../shared/lane/swap/act.ts';
import { type ActEvent, type ActFacts, type ActMove, advance } from '../../../../shared/lane/swap/advance.ts';
import type { IntentId } from '../../../../shared/lane/words.ts';
import { intent } from '../../../builders/act.ts';
import { done, settled } from '../../../builders/input.ts';
import { timing } from '../../../builders/policy.ts';
import { deployment } from '../../../builders/record.ts';
import { at } from '../../../builders/time.ts';

export const next = 'd-1.1.0-4' as IntentId;
export const facts = (now = at('10:05')): ActFacts => ({
  now,
  timing,
  waits: null,
  deployment,
  newIntent: () => next,
});
export const wake: ActEvent = { type: 'wake' };
export const event = (of: 'act' | 'poll' | 'look', result: EffectResult<never>, about = intent): ActEvent =>
  settled({ type: of, deployment, intent: about }, result) as ActEvent;
export const sent = (token: string | null, complete = false): ActEvent =>
  event('act', done({ token, complete }) as EffectResult<never>);
export const polled = (value: Polled): ActEvent => event('poll', done(value) as EffectResult<never>);
export const looked = (look: Look): ActEvent => event('look', done(look) as EffectResult<never>);
export const mismatch = (look: Look): ActEvent =>
  event('act', { end: 'refused', because: 'production holds 2.0.0', look });
export const later = { end: 'later', when: at('10:06'), because: 'throttled' } as const;

/** A move in one line: the step it goes on to (with its attempt), what is asked for and when to come back; or how it ended. */
export function summary(move: ActMove): string {
  if (move.is === 'done') return 'done';
  if (move.is !== 'on') return `${move.is}: ${move.because}`;
  const { act, effects, wakeInMs } = move;
  const attempt = act.attempt === 1 ? '' : ` (attempt ${act.attempt})`;
  return `${act.step}${attempt}${effects.map(({ type }) => `, asks ${type}`).join('')}, ${wakeInMs / 1000} s`;
}

type Row = { when: string; event: ActEvent; becomes: string; act?: Act; now?: Date };
export const run = (rows: Row[], usual: Act) =>
  test.each(rows)('$when → $becomes', ({ event, becomes, act = usual, now = at('10:05') }) => {
    expect(summary(advance(facts(now), act, event))).toBe(becomes);
  });
