import type { Act, Claim, Goal, Looking } from '../../shared/lane/swap/act.ts';
import type { IntentId } from '../../shared/lane/words.ts';
import { aBuild } from './build.ts';
import { aLook, identityOf } from './look.ts';
import { deployment } from './record.ts';
import { at } from './time.ts';

export const intent = 'd-1.1.0-3' as IntentId;

export const swapGoal: Goal = { kind: 'swap', goal: identityOf('1.1.0'), former: identityOf('1.0.0') };
export const publishGoal: Goal = { kind: 'publish', sha256: aBuild('1.1.0').artifact.sha256, deployment };
export const settingsGoal: Goal = { kind: 'settings', path: '/health', statuses: '200,204' };

export const aClaim = (): Claim => ({ at: at('10:00'), look: aLook({ at: at('10:00') }) });

type Step<Name extends Act['step']> = Extract<Act, { step: Name }>;

export const planned = (goal: Goal = swapGoal, more: Partial<Step<'planned'>> = {}): Step<'planned'> => ({
  step: 'planned',
  goal,
  intent,
  attempt: 1,
  since: at('10:00'),
  after: null,
  mismatch: null,
  ...more,
});

export const sending = (goal: Goal = swapGoal, more: Partial<Step<'sending'>> = {}): Step<'sending'> => ({
  step: 'sending',
  goal,
  intent,
  attempt: 1,
  claim: aClaim(),
  ...more,
});

export const accepted = (goal: Goal = swapGoal, more: Partial<Step<'accepted'>> = {}): Step<'accepted'> => ({
  step: 'accepted',
  goal,
  intent,
  attempt: 1,
  claim: aClaim(),
  token: 'token',
  acceptedAt: at('10:00:05'),
  polls: 0,
  ...more,
});

export const quiet = (goal: Goal = swapGoal, more: Partial<Step<'quiet'>> = {}): Step<'quiet'> => ({
  step: 'quiet',
  goal,
  intent,
  attempt: 1,
  claim: aClaim(),
  until: at('10:05'),
  ...more,
});

export const looking = (goal: Goal = swapGoal, more: Partial<Looking> = {}): Looking => ({
  step: 'looking',
  goal,
  intent,
  attempt: 1,
  claim: aClaim(),
  since: at('10:04'),
  first: null,
  lastOld: at('10:00'),
  ...more,
});

/** The reset of the preview that the swap left pending. */
export const resetGoal = (): Goal => ({ kind: 'reset', interrupted: looking() });
