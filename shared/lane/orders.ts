import { newQueued, recordOf } from './arrivals.ts';
import { brief } from './brief.ts';
import { ask, become, type Draft, type Handled, type Ignored, ignored, wakeIn } from './decision.ts';
import { finish, hold, release } from './finish.ts';
import type { Command } from './input.ts';
import { keptBefore } from './kept.ts';
import type { Lane, Live, RollBackOrder, WayBack } from './lane.ts';
import type { Policy } from './policy.ts';
import { type Actor, type BuildId, type BuildRef, refOf } from './words.ts';

/** Hold and release apply in every state; a hold stops what has not started, and of what moves only a swap that was not sent. */
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
  const way = wayBack(draft.lane, draft.facts.policy.mode, sawLive);
  return 'ignored' in way ? way : rollBack(draft, { ...way, by, reason: brief(reason) });
}

/** Which way a rollback would go that is commanded now, or why there is none. */
export function wayBack(lane: Lane, mode: Policy['mode'], sawLive: string): WayBack | Ignored {
  const { live, previous } = lane;
  const build = live?.build ?? null;
  if (live === null || build === null)
    return ignored('what runs in production was not deployed from here; there is nothing to roll back to');
  if (build.id !== sawLive) return ignored(`you saw ${sawLive} live; live is ${live.version} (${build.id})`);
  if (mode === 'observe') return ignored('mode observe: nothing is rolled back');
  const former = previous ?? copyBefore(lane, build);
  if (former === null) return ignored(`no build before ${live.version} is kept`);
  return { live: { ...live, build }, former };
}

export function rollBack(draft: Draft, { live, former, by, reason }: RollBackOrder): 'moved' {
  const { lane, facts } = draft;
  if (lane.active !== null) finish(draft, 'cancelled', `${by} rolled back ${live.version}: ${reason}`);
  const record = recordOf(draft, newQueued(draft, former.build ?? live.build, by), 'rollback');
  const { asks } = live;
  // The emergency must not fail for what was written into the file since: the site is set up for what it was asked then.
  const policy = asks === null ? facts.policy : { ...facts.policy, warmUp: asks.warmUp, versionFrom: asks.versionFrom };
  ask(draft, { type: 'look', deployment: record.id, intent: null });
  wakeIn(draft, facts.timing.pollThenMs);
  return become(
    draft,
    {
      stage: 'rolling-back',
      record,
      build: live.build,
      policy,
      former,
      bad: live.identity,
      why: reason,
      by,
      at: { step: 'looking', since: facts.now, first: null },
    },
    `${by} rolls back ${live.version} to ${former.version}: ${reason}`,
  );
}

/** After a rollback what ran before is only known by the packages that are kept. */
function copyBefore(lane: Lane, live: BuildRef): Live | null {
  const copy = keptBefore(lane, live);
  if (copy === null) return null;
  return {
    build: copy.build,
    version: copy.build.version,
    identity: { kudu: null, version: null },
    deployment: null,
    liveAt: copy.build.finishedAt,
    asks: null,
  };
}

/** A person may command a build again that ended without being live, whatever its age. */
export function retry(draft: Draft, by: Actor, command: Extract<Command, { type: 'retry' }>): Handled {
  const { lane, facts } = draft;
  const { named } = facts;
  if (named === null) return ignored(`there is no deployment ${command.deployment} in ${lane.id}`);
  if (named.outcome === null) return ignored(`${named.build.version} has not ended`);
  if (named.kind === 'rollback') return ignored('a rollback is commanded by roll-back');
  return bring(draft, by, named.build, command.sawLive, `${by.name} tries ${named.build.version} again`);
}

/** A person may command a build that came and was refused, or was taken out since, whatever its age. */
export function deploy(draft: Draft, by: Actor, command: Extract<Command, { type: 'deploy' }>): Handled {
  const { known } = draft.facts;
  if (known === null) return ignored(`no build ${command.build} is known in ${draft.lane.id}`);
  const { build } = known;
  return bring(draft, by, refOf(build), command.sawLive, `${by.name} commands ${build.version}`);
}

function bring(draft: Draft, by: Actor, build: BuildRef, sawLive: BuildId | null, told: string): Handled {
  const { lane, facts } = draft;
  const live = lane.live?.build?.id ?? null;
  if (live === build.id) return ignored(`${build.version} is live`);
  if (live !== sawLive)
    return ignored(`you saw ${sawLive ?? 'nothing'} live; live is ${lane.live?.version ?? 'unknown'}`);
  if (lane.hold !== null) return ignored(`on hold: ${lane.hold.because}; release it first`);
  if (facts.policy.mode === 'observe') return ignored('mode observe: nothing is deployed');
  lane.queue = [newQueued(draft, build, by.name), ...lane.queue];
  draft.told.push(told);
  return 'moved';
}
