import { isSwap } from '../observe-site.ts';
import { follow, type Release, ship } from '../shipping.ts';
import { same } from '../truths.ts';
import type { Scene } from '../world.ts';
import { deploymentMessage, noFailures } from './claims.ts';

/** A build that is well in staging and would break under production's own settings is stopped by the swap's own warm-up. */
export const brokenInProduction = (release: Release, former: string): Scene => ({
  title: `${release.version} is good in staging, and broken under one of production's own settings: it never goes live`,
  async play(world, truths) {
    const { version } = release;
    const { tables, site, traffic } = world;
    const since = await site.lastCall();
    const stamp = (await site.arm('production')).swappedAt;
    const shipped = await ship(world, release);
    const record = await follow(world, shipped, 60_000);
    const ended = new Date();

    await truths.check('in staging it passed every check', () => ({
      holds: record.checks.length > 0 && record.checks.every(({ ok }) => ok),
      seen: JSON.stringify(record.checks),
    }));
    await truths.check('it failed, in the stage of the swap', () => {
      const [last] = record.stages.map(({ stage }) => stage).slice(-2);
      return same([last, record.outcome], ['swapping', 'failed']);
    });
    await truths.check('ARM was asked to swap, and no swap was carried out', async () => {
      const swaps = (await site.actsSince(since)).filter(isSwap);
      return {
        holds: swaps.length > 0 && swaps.every(({ applied }) => applied === false),
        seen: JSON.stringify(swaps),
      };
    });
    await truths.check('ARM says that production was last swapped before', async () =>
      same((await site.arm('production')).swappedAt, stamp),
    );
    await truths.check(`no client ever got an answer from it; production went on as ${former}`, async () => {
      const { byVersion } = await traffic.between(shipped.at, ended);
      return same(Object.keys(byVersion), [former]);
    });
    await truths.check('there is no marker of it', async () =>
      same((await tables.markers()).filter((marker) => marker.version === version).length, 0),
    );
    await deploymentMessage(truths, world, shipped, record, `${version} failed and did not go live`);
    await noFailures(truths, world, shipped.at, ended);
  },
});
