import { type Draft, deploymentId, enter, type Handled, ignored, save } from './decision.ts';
import type { DeploymentRecord, Lane, Queued } from './lane.ts';
import { leftTheFile } from './left-the-file.ts';
import { assertNever, type Build, type BuildRef, refOf } from './words.ts';

/** Build events older than the memory of what was seen are refused: a repeat could not be told from a new one. */
export const seenDays = 30;
/** The queue's part of the lane row, which must stay below 30,000 characters. */
const mostQueuedCharacters = 13_000;
/** So many that wait may end in one write: each takes a row for itself and one for its announcement, of the 40 that change together. */
export const mostEnded = 15;

/**
 * Newer = higher number within one source and definition, else later finished, else later arrived. A build is not newer than itself.
 */
export function isNewer(a: BuildRef, b: BuildRef): boolean {
  const numbered =
    a.source === b.source && a.definition === b.definition && a.number !== undefined && b.number !== undefined;
  if (numbered && a.number !== b.number) return Number(a.number) > Number(b.number);
  if (a.finishedAt.getTime() !== b.finishedAt.getTime()) return a.finishedAt > b.finishedAt;
  return a.arrivedAt > b.arrivedAt;
}

/** A build comes to the lane: it is accepted into the queue (and gets its one row), or refused with the reason. */
export function arrive(draft: Draft, build: Build): Handled {
  const ref = refOf(build);
  const ahead = aheadOfTime(ref);
  if (ahead !== null) return ignored(ahead);
  const refusal = refusalOf(draft, ref);
  if (refusal !== null) return ignored(refusal, draft.facts.known === null ? build : null);
  const queued = newQueued(draft, ref, build.requestedBy?.name ?? null);
  draft.newBuild = build;
  draft.about = queued.record.id;
  const { policy } = draft.facts;
  if (policy.mode === 'observe') return observe(draft, queued);
  if (policy.arrivals.mode === 'supersede') endQueue(draft, 'superseded', `superseded by ${ref.version}`);
  draft.lane.queue = [...draft.lane.queue, queued];
  draft.told.push(`${ref.version} is queued`);
  save(draft, recordOf(draft, queued, 'deploy'));
  return 'moved';
}

export function newQueued(draft: Draft, build: BuildRef, requestedBy: string | null): Queued {
  return { record: { id: deploymentId(draft), createdAt: draft.facts.now, requestedBy }, build };
}

/** The one row of an accepted build or of a commanded rollback, as long as it waits. */
export function recordOf(draft: Draft, queued: Queued, kind: 'deploy' | 'rollback'): DeploymentRecord {
  const { build } = queued;
  const { id, createdAt, requestedBy } = queued.record;
  const { policy } = draft.facts;
  return {
    id,
    lane: draft.lane.id,
    kind,
    build,
    from: draft.lane.live?.version ?? null,
    stage: 'queued',
    stages: [{ stage: 'queued', at: createdAt }],
    createdAt,
    outcome: null,
    why: 'waits for its turn',
    requestedBy,
    liveAt: null,
    checks: [],
    evidence: null,
    approvedBy: null,
    brokeGlass: false,
    slackChannel: policy.slack?.channel ?? null,
  };
}

/** Builds without a number are ordered by their time: one from the future would make all that follow seem old. */
function aheadOfTime({ version, finishedAt, arrivedAt }: BuildRef): string | null {
  if (finishedAt.getTime() - arrivedAt.getTime() <= 86_400_000) return null;
  return `${version} says that it was finished ${finishedAt.toISOString()}, more than a day from now; set the clock of its sender`;
}

function refusalOf(draft: Draft, build: BuildRef): string | null {
  const { lane, facts } = draft;
  if (facts.isGone) return leftTheFile(lane.id);
  const known = facts.known?.quarantined ?? null;
  if (known !== null) return `${build.version} is quarantined: ${known.because}`;
  if (facts.now.getTime() - build.finishedAt.getTime() > seenDays * 86_400_000)
    return `${build.version} was finished more than ${seenDays} days ago`;
  const present = whereIs(lane, build);
  if (present !== null) return `${build.version} is ${present}`;
  const newer = newestWanted(lane);
  if (newer !== null && !isNewer(build, newer))
    return `${build.version} is older than ${newer.version}; a person can command it`;
  return busyRefusal(draft);
}

function busyRefusal({ lane, facts }: Draft): string | null {
  const busy = busyWith(lane);
  if (busy === null) return null;
  const { arrivals } = facts.policy;
  switch (arrivals.mode) {
    case 'supersede':
      return null;
    case 'refuse':
      return `the lane is ${busy}`;
    case 'queue':
      return lane.queue.length < arrivals.limit && JSON.stringify(lane.queue).length < mostQueuedCharacters
        ? null
        : `the lane is ${busy} and ${lane.queue.length} builds wait already`;
    default:
      return assertNever(arrivals);
  }
}

function busyWith({ active, hold }: Lane): string | null {
  if (hold !== null) return `on hold: ${hold.because}`;
  return active === null ? null : `busy with ${active.build.version}`;
}

function whereIs(lane: Lane, build: BuildRef): string | null {
  if (lane.active?.build.id === build.id) return `being deployed already (${lane.active.record.id})`;
  if (lane.queue.some((queued) => queued.build.id === build.id)) return 'queued already';
  if (lane.live?.build?.id === build.id) return 'live already';
  return null;
}

/** The newest build that is live, moving or waiting: an older one than this is not wanted any more. */
function newestWanted(lane: Lane): BuildRef | null {
  const moving = lane.active !== null && lane.active.stage !== 'rolling-back' ? [lane.active.build] : [];
  const live = lane.live?.build ?? null;
  const wanted = [...(live === null ? [] : [live]), ...moving, ...lane.queue.map(({ build }) => build)];
  return wanted.reduce<BuildRef | null>(
    (newest, build) => (newest === null || isNewer(build, newest) ? build : newest),
    null,
  );
}

/** What waits ends without having started; what is too much for one write is left to the next. */
export function endQueue(draft: Draft, outcome: 'superseded' | 'cancelled', why: string): void {
  for (const queued of draft.lane.queue.slice(0, mostEnded)) {
    save(draft, done(draft, recordOf(draft, queued, 'deploy'), outcome, why));
    draft.told.push(`${queued.build.version} is ${outcome}`);
  }
  draft.lane.queue = draft.lane.queue.slice(mostEnded);
}

/** A build that would be deployed in another mode: it ends at once, having said so. */
export function observe(draft: Draft, queued: Queued): Handled {
  const record = recordOf(draft, queued, 'deploy');
  const would = `mode observe: would stage ${record.build.version}, warm and verify it, and swap it in for ${record.from ?? 'what runs now'}`;
  draft.told.push(would);
  save(draft, done(draft, record, 'observed', would));
  return 'moved';
}

/** A record as it ends. */
export function done(
  draft: Draft,
  record: DeploymentRecord,
  outcome: NonNullable<DeploymentRecord['outcome']>,
  why: string,
): DeploymentRecord {
  return { ...enter(record, 'done', draft.facts.now), outcome, why };
}
