import { switchSeen } from '../counted.ts';
import { isSwap } from '../observe-site.ts';
import { follow, type Release, ship } from '../shipping.ts';
import { same } from '../truths.ts';
import type { Scene } from '../world.ts';
import { deploymentMessage, noFailures } from './claims.ts';
import { settled } from './settled.ts';

const STAGES = ['queued', 'staging', 'warming', 'verifying', 'swapping', 'watching', 'done'];

/** A good build goes all the way, and nobody who uses the app notices. */
export const goesLive = (release: Release, former: string): Scene => ({
  title: `${release.version} is announced, and goes live`,
  async play(world, truths) {
    const { version } = release;
    const { tables, site, traffic } = world;
    const since = await site.lastCall();
    const shipped = await ship(world, release);
    const record = await follow(world, shipped, 40_000);
    const ended = new Date();

    await truths.check('its event was accepted, as its sender can read', async () => {
      const { state, deployment } = await world.service.input(shipped.input);
      return same([state, deployment], ['applied', record.id]);
    });
    await truths.check('it went through every stage, and is live', () =>
      same([record.stages.map(({ stage }) => stage), record.outcome], [STAGES, 'live']),
    );
    await truths.check('production answers it on 10 new connections', async () =>
      same(settled(await site.versions('production', 10)), [version]),
    );
    await truths.check('ARM was asked for one swap, under the id of its intent, and did it', async () => {
      const swaps = (await site.actsSince(since)).filter(isSwap);
      return {
        holds: swaps.length === 1 && swaps[0]?.applied === true && swaps[0].clientRequestId !== null,
        seen: JSON.stringify(swaps),
      };
    });
    await truths.check('ARM says so of both slots', async () => {
      const slots = [await site.arm('production'), await site.arm('staging')];
      const swapped = slots.every(({ swappedAt }) => swappedAt !== null && swappedAt >= shipped.at);
      return {
        holds: swapped && slots.every(({ swap, operation }) => swap === 'staging → production' && operation === null),
        seen: JSON.stringify(slots),
      };
    });
    await truths.within(
      5_000,
      'a marker names the deployment, and when production changed as the client saw it',
      async () => {
        const marker = (await tables.markers())[0];
        const seen = switchSeen(traffic.answered, former, version);
        const between = marker?.switchedBetween;
        const agree =
          seen !== null &&
          between !== undefined &&
          between.from.getTime() <= seen.firstNew.endedAt &&
          between.to.getTime() >= seen.lastOld.beganAt;
        const right = marker?.kind === 'deploy' && marker.version === version && marker.deployment === record.id;
        return { holds: right && agree, seen: JSON.stringify({ marker, seen }) };
      },
    );
    await deploymentMessage(truths, world, shipped, record, `${version} is live`);
    await noFailures(truths, world, shipped.at, ended);
  },
});
