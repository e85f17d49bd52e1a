import { holds } from '../lane/look.ts';
import { nameOf } from '../lane/swap/preconditions.ts';
import { freshConnections } from './acts.ts';
import { activeFor, over, type Perform } from './work.ts';

/** Reads both slots: for the deployment that moves, or on patrol in an idle lane. */
export const performLook: Perform<'look'> = async ({ ports, stored }, { deployment, intent }) => {
  const at = deployment === null ? null : activeFor({ ports, stored }, deployment);
  if (deployment !== null && at === null) return over('this look');
  const policy = at?.policy ?? ports.apps.policy(stored.lane.id);
  return {
    end: 'done',
    value: await ports.site.look(policy.site, { versionFrom: policy.versionFrom, intent, freshConnections }),
  };
};

/** Asks staging once: warm means a healthy answer *with the build's identity*. */
export const performWarm: Perform<'warm'> = async (work, { deployment, expects }) => {
  const at = activeFor(work, deployment);
  if (at === null) return over('this warm-up');
  const { site } = work.ports;
  const { policy } = at;
  const slot = await site.identity(policy.site, 'staging', policy.versionFrom);
  if (!holds(slot, expects, true)) {
    const said = slot.answers ? nameOf(slot.identity) : 'no version';
    return { end: 'done', value: { warm: false, why: `staging answers ${said}, expected is ${nameOf(expects)}` } };
  }
  const answer = await site.ask(policy.site, 'staging', { path: policy.warmUp.path, timeoutMs: 10_000, bodyBytes: 0 });
  if (!answer.answered) return { end: 'done', value: { warm: false, why: `${policy.warmUp.path}: ${answer.because}` } };
  const warm = policy.warmUp.statuses.includes(answer.status);
  return { end: 'done', value: { warm, why: `${policy.warmUp.path} answered ${answer.status}` } };
};
