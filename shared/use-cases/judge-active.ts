import { judge } from './judge.ts';
import { activeFor, over, type Perform } from './work.ts';

/** Counts and weighs the errors of the build that is being watched, and asks production the owner's checks. */
export const judgeActive: Perform<'judge'> = async (work, { deployment }) => {
  const { ports, stored } = work;
  const at = activeFor(work, deployment);
  if (at?.stage !== 'watching') return over('this verdict');
  const { policy, build, probe, record } = at;
  const facts = {
    lane: stored.lane.id,
    version: build.version,
    liveAt: record.liveAt ?? ports.now(),
    policy,
    probeId: probe?.id ?? null,
    now: ports.now(),
  };
  return { end: 'done', value: await judge(ports, facts) };
};
