import { decide as real } from '../../shared/lane/decide.ts';
import type { Decision, Facts, LaneEvent } from '../../shared/lane/decision.ts';
import type { Lane } from '../../shared/lane/lane.ts';

/** What was decided: heard by whoever records. */
export interface Decided {
  facts: Facts;
  lane: Lane;
  event: LaneEvent;
  decision: Decision;
}

let hear: (decided: Decided) => void = () => {};
export function hearDecisions(listener: (decided: Decided) => void): void {
  hear = listener;
}

/** Stands in for the product's own while histories are recorded. */
export function decide(facts: Facts, lane: Lane, event: LaneEvent): Decision {
  const decision = real(facts, lane, event);
  hear({ facts, lane, event, decision });
  return decision;
}
