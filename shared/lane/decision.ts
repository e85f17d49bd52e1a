import { brief } from './brief.ts';
import type { BuildRow, Effect, Settled } from './effect.ts';
import type { Input } from './input.ts';
import type { Deployment, DeploymentRecord, Lane, StageName } from './lane.ts';
import type { Policy, Timing } from './policy.ts';
import type { Build, BuildId, DeploymentId, IntentId } from './words.ts';

/** Everything a decision may know besides the lane: handed in, so that deciding is pure. */
export interface Facts {
  now: Date;
  timing: Timing;
  /** The owner's file as it is now (of a lane that left it: what moves there); a moving deployment carries its own. */
  policy: Policy;
  /** The lane left the owner's file: what moves is brought to an end, and nothing new starts. */
  isGone: boolean;
  /** WARMSWAP_STOP: no act is started anywhere. */
  stopped: boolean;
  /** Random text made for this decision; the id of a deployment that starts in it comes from here. */
  fresh: string;
  /** What is pending besides the effect that was just settled: an effect is not asked for twice. */
  pending: Effect[];
  /** The row of the build that arrived or that a command names, if it was seen before. */
  known: BuildRow | null;
  /** The person in Slack who commands, looked up now; null: a named token, whose right was checked at the door. */
  asker: Asker | null;
  /** The deployment a command names, or under which a change of the site was sent. */
  named: DeploymentRecord | null;
}

/** What is known of a person in Slack at the moment their word is used. */
export interface Asker {
  email: string | null;
  /** Handles of the user groups they are in, among those the policy names, with the `@`. */
  groups: string[];
  /** Wrote a commit of the build that moves (or is live), or asked for it; null: that cannot be told. */
  isAuthor: boolean | null;
}

/** What a stage is told; what is said of a site is judged for all stages in one place. */
export type StageEvent = Exclude<LaneEvent, { type: 'site-changed' }>;

/** What a lane is told: an input from the door, or the result of one of its effects. */
export type LaneEvent = Input | ({ type: 'settled' } & Settled);

export interface Quarantine {
  build: BuildId;
  because: string;
  /** Null: it was not by a deployment of ours that it left. */
  deployment: DeploymentId | null;
}

export type Decision =
  /** Nothing changes; the reason can be read by the sender. */
  | {
      kind: 'ignore';
      because: string;
      /** A build that a person may still command: its row is written. */
      keep: Build | null;
    }
  | {
      kind: 'move';
      lane: Lane;
      effects: Effect[];
      records: DeploymentRecord[];
      newBuild: Build | null;
      quarantined: Quarantine[];
      told: string;
      deployment: DeploymentId | null;
    };

/** A decision in the making: the lane as it will be, and what follows. */
export interface Draft {
  readonly facts: Facts;
  lane: Lane;
  effects: Effect[];
  records: Map<DeploymentId, DeploymentRecord>;
  newBuild: Build | null;
  quarantined: Quarantine[];
  told: string[];
  /** The deployment this decision was about. */
  about: DeploymentId | null;
}

/** How a handler ends: it moved the draft, or it says why the event does not apply. */
export type Handled = 'moved' | Ignored;

export interface Ignored {
  ignored: string;
  keep: Build | null;
}

export const ignored = (because: string, keep: Build | null = null): Ignored => ({ ignored: because, keep });

export function draftOf(facts: Facts, lane: Lane): Draft {
  return {
    facts,
    lane: { ...lane },
    effects: [],
    records: new Map(),
    newBuild: null,
    quarantined: [],
    told: [],
    about: lane.active?.record.id ?? null,
  };
}

export function decisionOf(draft: Draft): Decision {
  const { lane, effects, records, newBuild, quarantined, told, about } = draft;
  return {
    kind: 'move',
    lane,
    effects,
    records: [...records.values()],
    newBuild,
    quarantined,
    told: told.join('; '),
    deployment: about,
  };
}

/** Asks for an effect, unless the very same is still pending. */
export function ask(draft: Draft, effect: Effect): void {
  if (!isAsked(draft, effect)) draft.effects.push(effect);
}

/** The very same effect was asked for and did not settle yet. */
export function isAsked(draft: Draft, effect: Effect): boolean {
  const key = JSON.stringify(effect);
  return [...draft.facts.pending, ...draft.effects].some((other) => JSON.stringify(other) === key);
}

/** Sets the clock: the one message that will come back for this wait names its step. */
export function wake(draft: Draft, at: Date): void {
  draft.lane.wakeAt = at;
  draft.lane.step += 1;
}

export function wakeIn(draft: Draft, milliseconds: number): void {
  wake(draft, after(draft.facts.now, milliseconds));
}

export function after(instant: Date, milliseconds: number): Date {
  return new Date(instant.getTime() + milliseconds);
}

/**
 * Puts the active deployment into its next state. A changed stage is recorded with its time; what people would want to know
 * (stage, checks, evidence, going live) is announced, mere progress is only kept.
 */
export function become(draft: Draft, deployment: Deployment, because: string): 'moved' {
  const told = brief(because);
  const before = draft.lane.active?.record ?? null;
  const entered = before === null || before.stage !== deployment.stage;
  const record = {
    ...(entered ? enter(deployment.record, deployment.stage, draft.facts.now) : deployment.record),
    why: told,
  };
  draft.lane.active = { ...deployment, record };
  draft.about = record.id;
  if (before?.why !== told) draft.told.push(told);
  if (entered || newsworthy(before, record)) save(draft, record);
  else if (before.why !== told) draft.records.set(record.id, record);
  return 'moved';
}

function newsworthy(before: DeploymentRecord, after: DeploymentRecord): boolean {
  return (
    before.liveAt !== after.liveAt ||
    before.checks !== after.checks ||
    before.evidence?.verdict !== after.evidence?.verdict
  );
}

/** The record after entering a stage. */
export function enter(record: DeploymentRecord, stage: StageName, at: Date): DeploymentRecord {
  return { ...record, stage, stages: [...record.stages, { stage, at }] };
}

/** Writes the deployment's row and tells the topic. */
export function save(draft: Draft, record: DeploymentRecord): void {
  draft.records.set(record.id, record);
  ask(draft, { type: 'announce', deployment: record.id });
}

/** Instants sort as text in the id, so that its row is found from the id alone. */
export function deploymentId(draft: Draft): DeploymentId {
  const stamp = draft.facts.now.getTime().toString(36).padStart(9, '0');
  return `${stamp}-${draft.facts.fresh.replaceAll('-', '').slice(0, 8)}` as DeploymentId;
}

/** The deployment under which a request was sent, if its id is of our making. */
export function deploymentOfIntent(request: string): DeploymentId | null {
  const [, deployment] = /^([0-9a-z]+-[0-9a-z]+)-\d+$/.exec(request) ?? [];
  return deployment === undefined ? null : (deployment as DeploymentId);
}

/** Never the same twice in a lane: the counter is saved with the intent. */
export function intentId(draft: Draft, deployment: DeploymentId): IntentId {
  draft.lane.intentSeq += 1;
  return `${deployment}-${draft.lane.intentSeq}` as IntentId;
}
