import type { DeploymentRecord } from '../../../../shared/lane/lane.ts';
import type { Shipped } from '../shipping.ts';
import { mentions, type Truths } from '../truths.ts';
import type { World } from '../world.ts';

/** Claims that more than one scene makes. */

const LEAST_PER_SECOND = 50;
/** A rate says nothing over less. */
const SHORTEST_MS = 2_000;

/** Slack has one message about the deployment, and it says how it ended, for whom, and with which commits. */
export const deploymentMessage = (
  truths: Truths,
  world: World,
  { release, shas }: Shipped,
  record: DeploymentRecord,
  says: string,
): Promise<void> =>
  truths.within(10_000, `Slack has one message of it, with person and commits: “${says}”`, async () => {
    const parts = [record.id, release.by.name, ...shas];
    const own = (await world.slack()).filter(
      (message) =>
        message.thread === null && message.says.includes(`deployment ${record.id}`) && !isOfError(message.says),
    );
    if (own.length !== 1) return { holds: false, seen: `${own.length} messages` };
    return mentions(own[0]?.says ?? '', [says, ...parts]);
  });

export const isOfError = (says: string): boolean => says.includes('error group ');

/** Nobody who used the app meanwhile noticed anything, and there were people to notice. */
export const noFailures = (truths: Truths, world: World, from: Date, to: Date): Promise<void> =>
  truths.check(`zero failed requests, at ${LEAST_PER_SECOND} a second or more`, async () => {
    const end = Math.max(to.getTime(), from.getTime() + SHORTEST_MS);
    const counted = await world.traffic.between(from, new Date(end));
    return {
      holds: counted.failed === 0 && counted.perSecond >= LEAST_PER_SECOND,
      seen: `${counted.served} served, ${counted.failed} failed, ${counted.perSecond.toFixed(1)} a second ${JSON.stringify(counted.whys)}`,
    };
  });
