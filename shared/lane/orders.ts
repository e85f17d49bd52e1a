import { newRecord } from './arrivals.ts';
import { ask, type Draft, type Handled, ignored, save, wakeIn } from './decision.ts';
import { finish, hold, release } from './finish.ts';
import type { Command } from './input.ts';
import type { Kept, Live } from './lane.ts';
import type { Actor, BuildRef } from './words.ts';

/** Hold and release apply in every state; a hold stops what has not started, never what moves. */
export function holdOrRelease(
  draft: Draft,
  by: Actor,
  command: Extract<Command, { type: 'hold' | 'release' }>,
): Handled {
  if (command.type === 'hold') {
    if (draft.lane.hold !== null)
      return ignored(`on hold already, by ${draft.lane.hold.by}: ${draft.lane.hold.because}`);
    return hold(draft, by.name, command.reason);
  }
  if (draft.lane.hold === null) return ignored('the lane is not on hold');
  return release(draft, by.name);
}

/**
 * A rollback by command is a new deployment of kind rollback, towards the build that ran before. It is refused when the sender
 * saw another build live; it cancels a deployment that has not begun to swap.
 */
export function commandRollBack(draft: Draft, by: string, reason: string, sawLive: string): Handled {
  const { lane, facts } = draft;
  const { live } = lane;
  if (live === null || live.build === null)
    return ignored('what runs in production was not deployed from here; there is nothing to roll back to');
  if (live.build.id !== sawLive) return ignored(`you saw ${sawLive} live; live is ${live.version} (${live.build.id})`);
  const target = wayBack(lane.previous, lane.kept, live.build);
  if (target === null) return ignored(`no build before ${live.version} is kept`);
  if (lane.active !== null) finish(draft, 'cancelled', `${by} rolled back ${live.version}: ${reason}`);
  const created = newRecord(draft, target.build ?? live.build, 'rollback', by);
  const record = {
    ...created,
    from: live.version,
    stage: 'rolling-back' as const,
    stages: [...created.stages, { stage: 'rolling-back' as const, at: facts.now }],
  };
  lane.active = {
    stage: 'rolling-back',
    record: { ...record, why: `${by} rolls back ${live.version}: ${reason}` },
    build: live.build,
    policy: facts.policy,
    former: target,
    bad: live.identity,
    why: reason,
    by,
    at: { step: 'looking', since: facts.now, first: null },
  };
  draft.about = record.id;
  draft.told.push(`${by} rolls back ${live.version} to ${target.version}: ${reason}`);
  save(draft, lane.active.record);
  ask(draft, { type: 'look', deployment: record.id, intent: null });
  wakeIn(draft, facts.timing.pollThenMs);
  return 'moved';
}

/** Staging still holding the previous build is the short way; else the newest kept package of another build. */
function wayBack(previous: Live | null, kept: Kept[], live: BuildRef): Live | null {
  if (previous !== null) return previous;
  const copy = kept.find(({ build }) => build.id !== live.id);
  if (copy === undefined) return null;
  return {
    build: copy.build,
    version: copy.build.version,
    identity: { kudu: null, version: null },
    deployment: null,
    liveAt: copy.build.finishedAt,
  };
}

/** A person may command a build again that ended without being live, whatever its age. */
export function retry(draft: Draft, by: Actor, command: Extract<Command, { type: 'retry' }>): Handled {
  const { lane, facts } = draft;
  const { named } = facts;
  if (named === null) return ignored(`there is no deployment ${command.deployment} in ${lane.id}`);
  if (named.outcome === null) return ignored(`${named.build.version} has not ended`);
  if (named.kind === 'rollback') return ignored('a rollback is commanded by roll-back');
  if (lane.live?.build?.id === named.build.id) return ignored(`${named.build.version} is live`);
  if ((lane.live?.build?.id ?? null) !== command.sawLive)
    return ignored(`you saw ${command.sawLive ?? 'nothing'} live; live is ${lane.live?.version ?? 'unknown'}`);
  if (lane.hold !== null) return ignored(`on hold: ${lane.hold.because}; release it first`);
  if (facts.policy.mode === 'observe') return ignored('mode observe: nothing is deployed');
  const record = newRecord(draft, named.build, 'deploy', by.name);
  lane.queue = [{ record, build: named.build }, ...lane.queue];
  draft.about = record.id;
  draft.told.push(`${by.name} tries ${named.build.version} again`);
  save(draft, record);
  return 'moved';
}
