import { runChecks } from './judge.ts';
import { activeFor, over, type Perform } from './work.ts';

/** The owner's checks, asked of the slot. */
export const verifyStaging: Perform<'verify'> = async (work, { deployment }) => {
  const at = activeFor(work, deployment);
  if (at === null) return over('this check');
  return { end: 'done', value: await runChecks(work.ports, at.policy, 'staging') };
};
