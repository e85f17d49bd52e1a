import type { Effect, Settled } from '../effect.ts';
import { holds, type Look, sameLook, timeBetween } from '../look.ts';
import type { Timing } from '../policy.ts';
import { assertNever, type DeploymentId, type IntentId } from '../words.ts';
import type { Act, Goal, Looking } from './act.ts';
import { findingOf } from './finding.ts';

/** What becomes of an act: it goes on, it ended, or the event was not about it. */
export type ActMove =
  | { is: 'on'; act: Act; effects: Effect[]; wakeInMs: number; told: string }
  | { is: 'done'; look: Look; switchedBetween: { from: Date; to: Date } }
  /** Definite: what the act was to change is as it was. */
  | { is: 'failed'; because: string }
  | { is: 'needs-human'; because: string }
  | { is: 'ignored'; because: string };

export interface ActFacts {
  now: Date;
  timing: Timing;
  /** Why no act is started now; null: nothing keeps it back. */
  waits: string | null;
  deployment: DeploymentId;
  newIntent: () => IntentId;
}

export type ActEvent = { type: 'wake' } | ({ type: 'settled' } & Settled);

/** At most two intents for one goal (rule 5). */
const mostAttempts = 2;
/** While somebody's operation runs, and after a refusal, we come back this often. */
const patienceMs = 10_000;

/** A new act towards a goal; its first effect is to claim and send it. */
export function plan(facts: ActFacts, goal: Goal): { act: Act; effect: Effect; wakeInMs: number } {
  const intent = facts.newIntent();
  const act: Act = { step: 'planned', goal, intent, attempt: 1, since: facts.now, after: null, mismatch: null };
  return { act, effect: { type: 'act', deployment: facts.deployment, intent }, wakeInMs: patience(facts.timing) };
}

/** The machine of DESIGN §6: one act from its plan to a finding. */
export function advance(facts: ActFacts, act: Act, event: ActEvent): ActMove {
  const move = take(facts, act, event);
  return act.goal.kind === 'reset' ? afterReset(facts, act.goal.interrupted, move) : move;
}

function take(facts: ActFacts, act: Act, event: ActEvent): ActMove {
  if (event.type === 'settled' && !concerns(act, event))
    return { is: 'ignored', because: 'the result of an earlier act' };
  switch (act.step) {
    case 'planned':
      return planned(facts, act, event);
    case 'sending':
      return sending(facts, act, event);
    case 'accepted':
      return accepted(facts, act, event);
    case 'quiet':
      return quiet(facts, act, event);
    case 'looking':
      return looking(facts, act, event);
    default:
      return assertNever(act);
  }
}

function concerns(act: Act, settled: Settled): boolean {
  return (
    (settled.of === 'act' || settled.of === 'poll' || settled.of === 'look') && settled.effect.intent === act.intent
  );
}

type Step<Name extends Act['step']> = Extract<Act, { step: Name }>;

function planned(facts: ActFacts, act: Step<'planned'>, event: ActEvent): ActMove {
  const again: Effect = { type: 'act', deployment: facts.deployment, intent: act.intent };
  if (event.type === 'wake') {
    // However long that lasts, it is no fault of the site's: the time to begin counts from its end.
    if (facts.waits !== null) {
      const waiting = { ...act, since: facts.now, waitsSince: act.waitsSince ?? facts.now };
      return on(waiting, [again], patience(facts.timing), `waits: ${facts.waits}`);
    }
    if (isOver(facts, act.since)) return { is: 'failed', because: 'it could not be begun in time' };
    return on(act, [again], patience(facts.timing), 'tries to act');
  }
  if (event.of !== 'act') return { is: 'ignored', because: 'nothing was claimed yet' };
  const { result } = event;
  if (result.end !== 'refused') return { is: 'ignored', because: 'nothing was claimed yet' };
  if (result.look === undefined) return { is: 'failed', because: result.because };
  const first = act.mismatch !== null && sameLook(act.mismatch, result.look) ? act.mismatch : result.look;
  if (apart(facts, first, result.look)) return { is: 'needs-human', because: result.because };
  if (isOver(facts, act.since)) return { is: 'needs-human', because: `no two looks agree: ${result.because}` };
  return on({ ...act, mismatch: first }, [], facts.timing.lookGapMs, `${result.because}; looks again`);
}

function sending(facts: ActFacts, act: Step<'sending'>, event: ActEvent): ActMove {
  if (event.type === 'wake') return goQuiet(facts, act, 'nobody told how the request ended');
  if (event.of !== 'act') return { is: 'ignored', because: 'the request is on its way' };
  const { result } = event;
  switch (result.end) {
    case 'done': {
      const { token, complete } = result.value;
      if (complete) return goLooking(facts, act, 'the request was carried out');
      if (token === null) return goQuiet(facts, act, 'accepted, without a way to follow it');
      const next: Act = { ...base(act), step: 'accepted', claim: act.claim, token, acceptedAt: facts.now, polls: 0 };
      return on(next, [], facts.timing.pollFirstMs, 'accepted');
    }
    case 'refused':
      return notStarted(facts, act, result.because, wait(facts, result.retryAt));
    case 'unknown':
    case 'later':
      return goQuiet(facts, act, result.because);
    default:
      return assertNever(result);
  }
}

function accepted(facts: ActFacts, act: Step<'accepted'>, event: ActEvent): ActMove {
  if (event.type === 'wake') {
    if (isOver(facts, act.acceptedAt)) return goQuiet(facts, act, 'it runs longer than we follow');
    const poll: Effect = { type: 'poll', deployment: facts.deployment, intent: act.intent };
    return on(act, [poll], facts.timing.pollThenMs, 'polls');
  }
  if (event.of !== 'poll') return { is: 'ignored', because: 'an accepted act is polled' };
  const { result } = event;
  if (result.end !== 'done') return goQuiet(facts, act, result.because);
  const polled = result.value;
  if (polled.state === 'ended') return goLooking(facts, act, 'polled to its end');
  if (polled.state === 'lost') return goQuiet(facts, act, polled.because);
  if (isOver(facts, act.acceptedAt)) return goQuiet(facts, act, 'it runs longer than we follow');
  return on({ ...act, polls: act.polls + 1 }, [], facts.timing.pollThenMs, 'still running');
}

function quiet(facts: ActFacts, act: Step<'quiet'>, event: ActEvent): ActMove {
  if (event.type !== 'wake') return { is: 'ignored', because: 'nothing is concluded in the quiet period' };
  const left = act.until.getTime() - facts.now.getTime();
  if (left > 0) return on(act, [], left, 'still quiet');
  return goLooking(facts, act, 'the quiet period is over');
}

/** A look that fails says nothing about the site: only when none succeeds for long must a person look. */
function looking(facts: ActFacts, act: Looking, event: ActEvent): ActMove {
  const unseen = isOver(facts, act.first?.at ?? act.since);
  if (event.type === 'wake') {
    if (unseen) return { is: 'needs-human', because: 'cannot look: nobody told what the slots hold' };
    return on(act, [lookAt(facts, act)], patience(facts.timing), 'looks');
  }
  if (event.of !== 'look') return { is: 'ignored', because: 'looks decide now' };
  const { result } = event;
  if (result.end !== 'done') {
    const because = `cannot look: ${result.because}`;
    return unseen ? { is: 'needs-human', because } : on(act, [], patience(facts.timing), `${because}; looks again`);
  }
  return weigh(facts, act, result.value);
}

function weigh(facts: ActFacts, act: Looking, look: Look): ActMove {
  const running = look.operation !== null || look.published?.state === 'running';
  if (running) {
    if (isOver(facts, act.since)) return { is: 'needs-human', because: 'an operation on the site does not end' };
    return on({ ...act, first: null }, [], facts.timing.pollThenMs, 'an operation is in progress');
  }
  const stillOld = act.goal.kind === 'swap' && holds(look.production, act.goal.former, false);
  const lastOld = stillOld ? look.began : act.lastOld;
  if (act.first === null || !sameLook(act.first, look)) {
    if (act.first !== null && isOver(facts, act.since)) return { is: 'needs-human', because: 'no two looks agree' };
    return on({ ...act, first: look, lastOld }, [], facts.timing.lookGapMs, 'saw it once');
  }
  if (!apart(facts, act.first, look))
    return on({ ...act, lastOld }, [], facts.timing.lookGapMs, 'too soon after the first look');
  const finding = findingOf(act, act.first, look);
  switch (finding.found) {
    case 'done':
      return { is: 'done', look: finding.look, switchedBetween: finding.switchedBetween };
    case 'not-started':
      return notStarted(facts, act, finding.because, 0);
    case 'preview-pending':
      return resetFirst(facts, act);
    case 'foreign':
      return { is: 'needs-human', because: finding.because };
  }
}

/** A pending preview is reset as an act of its own; the swap that left it waits inside that act's goal. */
function resetFirst(facts: ActFacts, act: Looking): ActMove {
  const { act: reset, effect, wakeInMs } = plan(facts, { kind: 'reset', interrupted: { ...act, first: null } });
  return on(reset, [effect], wakeInMs, 'a preview is stuck; resets it');
}

function afterReset(facts: ActFacts, interrupted: Looking, move: ActMove): ActMove {
  if (move.is === 'failed')
    return { is: 'needs-human', because: `the pending preview could not be reset: ${move.because}` };
  if (move.is !== 'done') return move;
  return on({ ...interrupted, since: facts.now }, [], facts.timing.pollFirstMs, 'the preview was reset; looks again');
}

/** Proven or told: the intent changed nothing. A new one reads all preconditions again. */
function notStarted(facts: ActFacts, act: Step<'sending' | 'looking'>, because: string, waitMs: number): ActMove {
  if (act.attempt >= mostAttempts) return { is: 'failed', because };
  const intent = facts.newIntent();
  const next: Act = {
    step: 'planned',
    goal: act.goal,
    intent,
    attempt: act.attempt + 1,
    since: new Date(facts.now.getTime() + waitMs),
    after: act.claim,
    mismatch: null,
  };
  const effects: Effect[] = waitMs > 0 ? [] : [{ type: 'act', deployment: facts.deployment, intent }];
  return on(next, effects, waitMs > 0 ? waitMs : patience(facts.timing), `${because}; tries once more`);
}

function goQuiet(facts: ActFacts, act: Step<'sending' | 'accepted'>, because: string): ActMove {
  const until = new Date(facts.now.getTime() + facts.timing.quietMs);
  return on(
    { ...base(act), step: 'quiet', claim: act.claim, until },
    [],
    facts.timing.quietMs,
    `outcome unknown (${because}); waits`,
  );
}

function goLooking(facts: ActFacts, act: Step<'sending' | 'accepted' | 'quiet'>, told: string): ActMove {
  const next: Act = {
    ...base(act),
    step: 'looking',
    claim: act.claim,
    since: facts.now,
    first: null,
    lastOld: act.claim.look.began,
  };
  return on(next, [lookAt(facts, next)], patience(facts.timing), told);
}

function lookAt(facts: ActFacts, act: Act): Effect {
  return { type: 'look', deployment: facts.deployment, intent: act.intent };
}

const base = ({ goal, intent, attempt }: Act) => ({ goal, intent, attempt });

function on(act: Act, effects: Effect[], wakeInMs: number, told: string): ActMove {
  return { is: 'on', act, effects, wakeInMs, told };
}

/** What is waited for has had its time. */
function isOver(facts: ActFacts, since: Date): boolean {
  return facts.now.getTime() - since.getTime() > facts.timing.operationMs;
}

function apart(facts: ActFacts, first: Look, second: Look): boolean {
  return timeBetween(first, second) >= facts.timing.lookGapMs;
}

/** Short test profiles come back sooner. */
function patience(timing: Timing): number {
  return Math.min(patienceMs, timing.pollThenMs);
}

function wait(facts: ActFacts, retryAt: Date | undefined): number {
  const asked = retryAt === undefined ? 0 : retryAt.getTime() - facts.now.getTime();
  return Math.max(asked, patience(facts.timing));
}
