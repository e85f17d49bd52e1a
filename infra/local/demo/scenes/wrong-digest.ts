import { createHash } from 'node:crypto';
import { isPublish, isSwap } from '../observe-site.ts';
import { makeBuild, tampered } from '../sample-build.ts';
import { follow, type Release, ship } from '../shipping.ts';
import { same } from '../truths.ts';
import type { Scene } from '../world.ts';
import { deploymentMessage, noFailures } from './claims.ts';

/** A package whose bytes are not those the event names is stopped before anything of it comes near the site. */
export const wrongDigest = (release: Release): Scene => ({
  title: `${release.version} was changed after it was built: it never reaches the slot`,
  async play(world, truths) {
    const { version } = release;
    const { site, packages } = world;
    const since = await site.lastCall();
    const content = await site.contentOf('staging');
    const shipped = await ship(world, release);
    const record = await follow(world, shipped, 40_000);

    await truths.check('it failed, and says that its digest does not match', () => ({
      holds: record.outcome === 'failed' && /digest|sha-?256/i.test(record.why),
      seen: `${record.outcome}: ${record.why}`,
    }));
    await truths.check('Kudu was asked for nothing, ARM for no swap, and the slot holds what it held', async () => {
      const acts = (await site.actsSince(since)).filter((act) => isPublish(act) || isSwap(act));
      return same([acts.length, await site.contentOf('staging')], [0, content]);
    });
    await truths.check('no package is kept under the digest it named, nor under the one it has', async () => {
      const has = createHash('sha256')
        .update(tampered(makeBuild(version).zip))
        .digest('hex');
      return same([await packages.has(shipped.sha256), await packages.has(has)], [false, false]);
    });
    await deploymentMessage(truths, world, shipped, record, `${version} failed and did not go live`);
    await noFailures(truths, world, shipped.at, new Date());
  },
});
