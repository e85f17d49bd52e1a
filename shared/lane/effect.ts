import type { CheckResult, Evidence } from './lane.ts';
import type { Look } from './look.ts';

import type { Build, BuildId, DeploymentId, Identity, InputId, IntentId, Marker } from './words.ts';

/** What the shell is asked to carry out. Each names a goal that is safe to ask for again; an `act` has the stricter rules of lane/swap. */
export type Effect =
  /** Read both slots. `intent`: also what became of the publish sent under it. Without a deployment: the look at an idle lane. */
  | { type: 'look'; deployment: DeploymentId | null; intent: IntentId | null }
  /** Read the preconditions, claim the intent, send its one request. */
  | { type: 'act'; deployment: DeploymentId; intent: IntentId }
  /** Ask how an accepted act is doing. */
  | { type: 'poll'; deployment: DeploymentId; intent: IntentId }
  | { type: 'copy-package'; deployment: DeploymentId; build: BuildId; attempt: number }
  /** Ask staging once whether it is warm and holds the identity. */
  | { type: 'warm'; deployment: DeploymentId; expects: Identity }
  | { type: 'verify'; deployment: DeploymentId }
  /** Count the errors, ask production the owner's checks, and weigh both. */
  | { type: 'judge'; deployment: DeploymentId }
  | { type: 'send-probe'; deployment: DeploymentId; probe: string }
  | { type: 'record-marker'; marker: Marker }
  /** Tell the asker alone what became of their command. */
  | { type: 'reply'; input: InputId; to: string }
  /** Tell the topic that a deployment (or, with null, the lane) changed. */
  | { type: 'announce'; deployment: DeploymentId | null };

/** The deployment an effect is carried out for; null: the lane alone. */
export function deploymentIn(effect: Effect): DeploymentId | null {
  if (effect.type === 'record-marker') return effect.marker.deployment ?? null;
  return effect.type === 'reply' ? null : effect.deployment;
}

/** How an effect ends: a value, never an exception. */
export type EffectResult<Value> =
  | { end: 'done'; value: Value }
  | { end: 'refused'; because: string; look?: Look | undefined; retryAt?: Date | undefined }
  | { end: 'unknown'; because: string }
  | { end: 'later'; when: Date; because: string };

/** ARM or Kudu took the request. `complete`: its answer already said that it is over. No token: it cannot be polled. */
export interface Accepted {
  token: string | null;
  complete: boolean;
}

/** A poll is a hint about an accepted act; only looks make a finding. */
export type Polled =
  | { state: 'running' }
  | { state: 'ended'; well: boolean; because: string }
  | { state: 'lost'; because: string };

export interface Warmth {
  warm: boolean;
  why: string;
}

export interface EffectValues {
  look: Look;
  act: Accepted;
  poll: Polled;
  'copy-package': null;
  warm: Warmth;
  verify: CheckResult[];
  judge: Evidence;
  'send-probe': null;
  'record-marker': null;
  reply: null;
  announce: null;
}

/** An effect with its result, as the decider gets it back. */
export type Settled = {
  [T in Effect['type']]: { of: T; effect: Extract<Effect, { type: T }>; result: EffectResult<EffectValues[T]> };
}[Effect['type']];

/** An effect as saved: the row `effect!<seq>`. */
export interface PendingEffect {
  seq: number;
  effect: Effect;
  /** Not to be tried before; null: at once. */
  notBefore: Date | null;
  tries: number;
}

export interface JournalEntry {
  seq: number;
  at: Date;
  input: string;
  deployment: DeploymentId | null;
  /** Who, where a person or a named token commanded. */
  by: string | null;
  told: string;
}

/** The row `build!<id>`. A quarantined build never returns by itself. */
export interface BuildRow {
  build: Build;
  quarantined: { because: string; at: Date; deployment: DeploymentId | null } | null;
}

/** What became of an input its sender may ask about: the row `seen!<input id>`. */
export interface Seen {
  input: string;
  at: Date;
  outcome: 'applied' | 'ignored';
  told: string;
  deployment: DeploymentId | null;
}
