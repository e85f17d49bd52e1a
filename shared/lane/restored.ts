import { brief } from './brief.ts';
import { type Decision, enter } from './decision.ts';
import type { Effect } from './effect.ts';
import type { DeploymentRecord, Lane, Outcome } from './lane.ts';
import { tellsApart } from './look.ts';
import type { DeploymentId } from './words.ts';

/** What a lane that is restored from a backup is told. */
export interface Restoring {
  now: Date;
  /** The moment the backup shows. */
  takenAt: Date;
  /** What was pending then. */
  pending: Effect[];
  /** The rows of those deployments that waited for their turn. */
  waiting: DeploymentRecord[];
}

/**
 * Messages are known by these counters, and what was sent since the backup counted on from where it stood: without a gap ours would be
 * taken for repeats of those and be dropped, and those for ours.
 */
const ahead = 1_000_000;

/** A change writes at most 40 rows: the lane, its entry, twenty-one records, and these. */
const mostEffects = 15;

/**
 * The lane as it comes back from a backup. What was in flight may have gone on since, and a swap sent again would undo itself: nothing
 * of it is trusted, so that no stage, act or clock of then is left to go on. What moved needs a person, what waited is cancelled (and can
 * be tried again), the lane is on hold, and what production runs is adopted anew by two looks, as at first contact. Of what was pending
 * only the markers remain: they are facts, and writing one twice is harmless.
 */
export function restored(
  { now, takenAt, pending, waiting }: Restoring,
  lane: Lane,
): Extract<Decision, { kind: 'move' }> {
  const from = `restored from a backup of ${takenAt.toISOString()}`;
  const { active, live, hold } = lane;
  const told: string[] = [from];
  const records: DeploymentRecord[] = [];
  const end = (record: DeploymentRecord, outcome: Outcome, why: string): void => {
    records.push({ ...enter(record, 'done', now), outcome, why });
    told.push(`${record.build.version}: ${outcome}: ${why}`);
  };
  if (active !== null)
    end(active.record, 'needs-human', `${from}: what became of it since is not known; look at both slots`);
  for (const record of waiting)
    end(record, 'cancelled', `${from}: it waited for its turn then; retry it if it is still wanted`);
  if (hold !== null) told.push(`${hold.by} had it on hold: ${hold.because}`);
  const because = `${from}: look at both slots, then release`;
  told.push(`on hold: ${because}`);
  return {
    kind: 'move',
    lane: {
      ...lane,
      live: null,
      previous: null,
      // What was live then is known again, should production still run it; of what was staged it is not known what became of it.
      staged: live?.build && tellsApart(live.identity) ? { build: live.build, identity: live.identity } : null,
      suspicion: null,
      active: null,
      queue: [],
      hold: { by: 'warmswap', because, since: now },
      patrolAt: null,
      wakeAt: now,
      step: lane.step + ahead,
      effectSeq: lane.effectSeq + ahead,
    },
    effects: effectsOf(
      pending,
      records.map(({ id }) => id),
    ),
    records,
    newBuild: null,
    quarantined: [],
    told: told.map((text) => brief(text)).join('; '),
    deployment: active?.record.id ?? null,
  };
}

function effectsOf(pending: Effect[], ended: DeploymentId[]): Effect[] {
  const markers = pending.filter(({ type }) => type === 'record-marker');
  const announced = [null, ...ended].map((deployment): Effect => ({ type: 'announce', deployment }));
  return [...markers, ...announced].slice(0, mostEffects);
}
