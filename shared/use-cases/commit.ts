import type { Decision, Facts, Quarantine } from '../lane/decision.ts';
import {
  type BuildRow,
  deploymentIn,
  type Effect,
  type JournalEntry,
  type PendingEffect,
  type Seen,
} from '../lane/effect.ts';
import type { Lane } from '../lane/lane.ts';
import type { Build } from '../lane/words.ts';
import { type LaneChange, type Ports, type StoredLane, type Traces, Unreadable } from '../ports.ts';
import type { Trace } from '../trace.ts';
import { tellEnded } from './deployment-metrics.ts';

export type Move = Extract<Decision, { kind: 'move' }>;

/** What saving asks of outside. */
export type Saving = Pick<Ports, 'now' | 'lanes' | 'scope' | 'log'>;

/** What a save is about, besides the decision itself. */
export interface Cause {
  input: string;
  by: string | null;
  /** Effects that this save settles. */
  settled: number[];
  seen: Seen[];
}

/** What a decision may know: the clock, the owner's file, and what is pending besides what is just being settled. */
export function factsFor(ports: Ports, stored: StoredLane, settling: number[] = []): Facts {
  return {
    now: ports.now(),
    timing: ports.timing,
    ...policyOf(ports, stored),
    stopped: ports.stopped,
    fresh: ports.newId(),
    pending: stored.pending.filter(({ seq }) => !settling.includes(seq)).map(({ effect }) => effect),
    known: null,
    asker: null,
    named: null,
  };
}

/** A lane that left the owner's file brings what it is doing to an end by the policy it began with; then nothing is known of it. */
function policyOf(ports: Ports, { lane }: StoredLane): Pick<Facts, 'policy' | 'isGone'> {
  try {
    return { policy: ports.apps.policy(lane.id), isGone: false };
  } catch (error) {
    if (!(error instanceof Unreadable) || lane.active === null) throw error;
    return { policy: lane.active.policy, isGone: true };
  }
}

/** Saves a decision: lane, journal, effects and rows in one transaction. */
export async function commit(ports: Saving, stored: StoredLane, move: Move, cause: Cause): Promise<StoredLane> {
  const { lane: counted, numbered: effects } = numberedFrom(move.lane, move.effects);
  const lane = { ...counted, journalSeq: counted.journalSeq + 1 };
  const journal = move.told === '' ? [] : [entry(lane, ports.now(), cause, move)];
  const builds = [...(await quarantined(ports, move.quarantined, lane)), ...rowOf(move.newBuild)];
  const saved = await ports.lanes.save(stored, {
    ...changeOf(ports, stored, lane, effects, cause.settled),
    journal,
    records: move.records,
    builds,
    seen: cause.seen,
  });
  tellEnded(ports.log, ports.now(), stored.lane, move);
  return saved;
}

/** Saves that effects are settled (or to be tried later) without anything else having changed. */
export async function commitSettled(
  ports: Saving,
  stored: StoredLane,
  settled: number[],
  postponed: PendingEffect[],
): Promise<StoredLane> {
  return ports.lanes.save(stored, changeOf(ports, stored, stored.lane, postponed, settled));
}

/** Saves what became of an input that changed nothing, and whom to tell. `keep`: a build that a person may still command. */
export async function commitIgnored(
  ports: Saving,
  stored: StoredLane,
  effects: Effect[],
  seen: Seen,
  keep: Build | null,
): Promise<StoredLane> {
  const { lane, numbered } = numberedFrom(stored.lane, effects);
  const builds = rowOf(keep);
  return ports.lanes.save(stored, { ...changeOf(ports, stored, lane, numbered, []), seen: [seen], builds });
}

function changeOf(
  ports: Saving,
  stored: StoredLane,
  lane: Lane,
  effects: PendingEffect[],
  settled: number[],
): LaneChange {
  const now = ports.now();
  const replaced = new Set([...settled, ...effects.map(({ seq }) => seq)]);
  const pending = [...stored.pending.filter(({ seq }) => !replaced.has(seq)), ...effects];
  const timed = broughtForward(lane, pending);
  // An ignored command leaves a row behind without having set the clock: the sweep looks after such a lane at once.
  const attentionAt = pending.some(({ notBefore }) => notBefore === null) ? now : (timed.wakeAt ?? now);
  const traces = tracesOf(ports.scope.trace(), stored, timed, pending);
  return { lane: timed, effects, settled, journal: [], records: [], builds: [], seen: [], attentionAt, traces };
}

/** A deployment keeps the trace it was asked for in, whatever else moves the lane meanwhile, until nothing of it is left to do. */
function tracesOf(
  now: Trace | null,
  { traces }: StoredLane,
  { active, queue }: Lane,
  pending: PendingEffect[],
): Traces {
  const living = [...(active === null ? [] : [active.record.id]), ...queue.map(({ record }) => record.id)];
  const left = pending.flatMap(({ effect }) => deploymentIn(effect) ?? []).filter((id) => id in traces);
  return Object.fromEntries(
    [...new Set([...living, ...left])].flatMap((id) => {
      const trace = traces[id] ?? now;
      return trace === null ? [] : [[id, trace]];
    }),
  );
}

/** An effect that waits brings the lane's clock forward: whenever one is pending, a wake will come for it. */
function broughtForward(lane: Lane, pending: PendingEffect[]): Lane {
  const due = pending.flatMap(({ notBefore }) => (notBefore === null ? [] : [notBefore.getTime()]));
  const first = Math.min(...due);
  if (due.length === 0 || (lane.wakeAt !== null && lane.wakeAt.getTime() <= first)) return lane;
  return { ...lane, wakeAt: new Date(first), step: lane.step + 1 };
}

function numberedFrom(lane: Lane, effects: Effect[]): { lane: Lane; numbered: PendingEffect[] } {
  const numbered = effects.map((effect, index) => ({
    seq: lane.effectSeq + 1 + index,
    effect,
    notBefore: null,
    tries: 0,
  }));
  return { lane: { ...lane, effectSeq: lane.effectSeq + effects.length }, numbered };
}

function entry(lane: Lane, at: Date, cause: Cause, move: Move): JournalEntry {
  return { seq: lane.journalSeq, at, input: cause.input, deployment: move.deployment, by: cause.by, told: move.told };
}

const rowOf = (build: Build | null): BuildRow[] => (build === null ? [] : [{ build, quarantined: null }]);

async function quarantined(ports: Saving, list: Quarantine[], lane: Lane): Promise<BuildRow[]> {
  const rows: BuildRow[] = [];
  for (const { build, because, deployment } of list) {
    const row = await ports.lanes.build(lane.id, build);
    if (row !== null) rows.push({ ...row, quarantined: { because, deployment, at: ports.now() } });
  }
  return rows;
}
