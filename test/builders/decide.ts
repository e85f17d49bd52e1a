import { decide } from '../../shared/lane/decide.ts';
import type { Decision, Facts, LaneEvent } from '../../shared/lane/decision.ts';
import type { Deployment, Lane } from '../../shared/lane/lane.ts';
import { aPolicy, timing } from './policy.ts';
import { at } from './time.ts';

export const someFacts = (more: Partial<Facts> = {}): Facts => ({
  now: at('10:05'),
  timing,
  policy: aPolicy(),
  isGone: false,
  stopped: false,
  fresh: '0a1b2c3d-0000-4000-8000-000000000000',
  pending: [],
  known: null,
  asker: null,
  named: null,
  ...more,
});

export type Move = Extract<Decision, { kind: 'move' }>;

/** The decision on an event that is expected to move the lane. */
export function moved(lane: Lane, event: LaneEvent, facts: Partial<Facts> = {}): Move {
  const decision = decide(someFacts(facts), lane, event);
  if (decision.kind === 'ignore') throw new Error(`ignored: ${decision.because}`);
  return decision;
}

/**
 * A decision in one line: why it was ignored; or what moves now (stage, step and act), what ended how, what waits, and a hold.
 * `staging/acting publish planned`, `nothing moves; 1.1.0 failed`, `warming; waits 1.2.0; held`.
 */
export function told(decision: Decision): string {
  if (decision.kind === 'ignore') return `ignored: ${decision.because}`;
  const { lane, records } = decision;
  const ended = records
    .filter(({ outcome }) => outcome !== null)
    .map(({ build, outcome }) => `${build.version} ${outcome}`);
  const waits = lane.queue.map(({ build }) => build.version);
  return [
    lane.active === null ? 'nothing moves' : whereIs(lane.active),
    ...ended,
    ...(waits.length === 0 ? [] : [`waits ${waits.join(', ')}`]),
    ...(lane.hold === null ? [] : ['held']),
  ].join('; ');
}

function whereIs(at: Deployment): string {
  if (at.stage === 'swapping') return `swapping ${at.swap.goal.kind} ${at.swap.step}`;
  if (at.stage === 'staging')
    return at.at.step === 'acting'
      ? `staging/acting ${at.at.act.goal.kind} ${at.at.act.step}`
      : `staging/${at.at.step}`;
  if (at.stage !== 'rolling-back') return at.stage;
  switch (at.at.step) {
    case 'publishing':
      return `rolling-back/publishing ${at.at.act.step}`;
    case 'swapping':
      return `rolling-back/swapping ${at.at.swap.goal.kind} ${at.at.swap.step}`;
    default:
      return `rolling-back/${at.at.step}`;
  }
}

export const decided = (lane: Lane, event: LaneEvent, facts: Partial<Facts> = {}): string =>
  told(decide(someFacts(facts), lane, event));
