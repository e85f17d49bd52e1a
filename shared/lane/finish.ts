import { done, endQueue, observe, recordOf } from './arrivals.ts';
import { brief } from './brief.ts';
import { ask, become, type Draft, save, wakeIn } from './decision.ts';
import type { Deployment, DeploymentRecord, Lane, Queued } from './lane.ts';
import { leftTheFile } from './left-the-file.ts';
import type { Act } from './swap/act.ts';

/** The active deployment ends; its reason can be read from then on. */
export function finish(draft: Draft, outcome: NonNullable<DeploymentRecord['outcome']>, because: string): 'moved' {
  const { active } = draft.lane;
  if (active === null) throw new Error('no deployment is moving');
  const why = brief(because);
  draft.about = active.record.id;
  draft.told.push(`${active.build.version}: ${outcome}: ${why}`);
  save(draft, done(draft, active.record, outcome, why));
  draft.lane.active = null;
  draft.effects = draft.effects.filter(({ type }) => type !== 'act');
  wakeIn(draft, draft.facts.timing.patrolMs);
  return 'moved';
}

/** Neither we nor the owner's policy can tell what to do: the lane stands still until a person releases it. */
export function needsHuman(draft: Draft, why: string): 'moved' {
  finish(draft, 'needs-human', why);
  return hold(draft, 'warmswap', why);
}

export function hold(draft: Draft, by: string, why: string): 'moved' {
  const because = brief(why);
  draft.lane.hold = { by, because, since: draft.facts.now };
  draft.told.push(`on hold: ${because}`);
  return tellOfHold(draft);
}

export function release(draft: Draft, by: string): 'moved' {
  draft.lane.hold = null;
  draft.told.push(`released by ${by}`);
  return tellOfHold(draft);
}

/** The message of a deployment that moves says it as well: what may be decided about it depends on the hold. */
function tellOfHold(draft: Draft): 'moved' {
  const { active } = draft.lane;
  ask(draft, { type: 'announce', deployment: null });
  if (active !== null) ask(draft, { type: 'announce', deployment: active.record.id });
  return 'moved';
}

/** After every decision: the next in the queue starts when the lane is free (or never, when the lane is gone), and the clock is set. */
export function keepGoing(draft: Draft): void {
  const { lane, facts } = draft;
  if (facts.isGone) endQueue(draft, 'cancelled', leftTheFile(lane.id));
  const [next, ...rest] = lane.queue;
  if (!facts.isGone && lane.active === null && lane.hold === null && next !== undefined) {
    lane.queue = rest;
    if (facts.policy.mode === 'observe') observeQueued(draft, next);
    else start(draft, next);
  }
  if (lane.wakeAt === null) wakeIn(draft, facts.timing.patrolMs);
}

/** The owner turned to observing while it waited. One at a time: the next follows by the clock. */
function observeQueued(draft: Draft, next: Queued): void {
  draft.about = next.record.id;
  observe(draft, next);
  if (draft.lane.queue.length > 0) wakeIn(draft, draft.facts.timing.pollFirstMs);
}

function start(draft: Draft, next: Queued): void {
  const { policy, now } = draft.facts;
  const { build } = next;
  draft.told.push(`${build.version} starts`);
  ask(draft, { type: 'look', deployment: next.record.id, intent: null });
  wakeIn(draft, draft.facts.timing.pollThenMs);
  const record = recordOf(draft, next, 'deploy');
  become(draft, { stage: 'staging', record, build, policy, at: { step: 'looking', since: now } }, 'looks at the site');
}

/** The act that is open in the lane, whatever stage it belongs to. */
export function openAct(lane: Lane): Act | null {
  const at = lane.active;
  if (at === null) return null;
  if (at.stage === 'swapping') return at.swap;
  if (at.stage === 'staging') return at.at.step === 'acting' ? at.at.act : null;
  if (at.stage !== 'rolling-back') return null;
  if (at.at.step === 'publishing') return at.at.act;
  return at.at.step === 'swapping' ? at.at.swap : null;
}

/** The lane with its open act replaced: how a claim is written. */
export function withOpenAct(lane: Lane, act: Act): Lane {
  const active = replaceAct(lane.active, act);
  return { ...lane, active };
}

function replaceAct(at: Deployment | null, act: Act): Deployment {
  if (at?.stage === 'swapping') return { ...at, swap: act };
  if (at?.stage === 'staging' && at.at.step === 'acting') return { ...at, at: { ...at.at, act } };
  if (at?.stage === 'rolling-back' && at.at.step === 'publishing') return { ...at, at: { ...at.at, act } };
  if (at?.stage === 'rolling-back' && at.at.step === 'swapping') return { ...at, at: { ...at.at, swap: act } };
  throw new Error('no act is open');
}
