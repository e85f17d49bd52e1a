import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeBuild } from '../sample-build.ts';
import { mentions, same } from '../truths.ts';
import { until } from '../until.ts';
import type { Scene } from '../world.ts';
import { noFailures } from './claims.ts';
import { settled } from './settled.ts';

/** A person publishes and swaps by hand: it is noticed, marked, and left alone. */
export const byHand = (version: string, patrolMs: number): Scene => ({
  title: `A person puts ${version} into production by hand`,
  async play(world, truths) {
    const { site, tables } = world;
    const since = await site.lastCall();
    const from = new Date();
    const zip = join(world.dataDir, `storefront-${version}.zip`);
    writeFileSync(zip, makeBuild(version).zip);
    for (const act of [{ act: 'deploy', zip }, { act: 'swap' }]) {
      world.screen.say(`a person: ${act.act}`);
      const { status, body } = await site.person({ ...act, wait: true });
      if (status !== 200 || (body as { error?: unknown }).error)
        throw new Error(`the person's ${act.act} failed: ${JSON.stringify(body)}`);
    }
    const swapped = (await site.arm('production')).swappedAt;

    const live = await until(`noticing the swap to ${version}`, 30_000, world.signal, async () => {
      const found = (await tables.lane()).live;
      return found?.version === version ? { answer: found } : { seen: `live is ${found?.version}` };
    });
    world.screen.stage(version, 'noticed', new Date(), '');
    await truths.check('the lane says that it is live, and that no deployment of ours brought it', () =>
      same([live.version, live.deployment], [version, null]),
    );
    await truths.within(5_000, 'its marker is external', async () => {
      const own = (await tables.markers()).filter((marker) => marker.version === version);
      return same(
        own.map(({ kind }) => kind),
        ['external'],
      );
    });
    await truths.within(10_000, 'Slack says that somebody else put it there', async () => {
      const last = (await world.slack()).findLast(({ says }) => says.includes(version));
      return mentions(last?.says ?? 'no message', [world.lane, version, 'somebody else']);
    });

    world.screen.doing('waits whether anything is done about it');
    await sleep(2 * patrolMs + 1_000, undefined, { signal: world.signal });
    await truths.check(
      'it is not fought: nothing was asked of ARM or Kudu but reading, and the lane is free',
      async () =>
        same(
          [
            (await site.actsSince(since)).map(({ path }) => path),
            (await tables.lane()).hold,
            (await tables.lane()).active,
          ],
          [[], null, null],
        ),
    );
    await truths.check('production still answers it, and was not swapped since', async () =>
      same(
        [settled(await site.versions('production', 10)), (await site.arm('production')).swappedAt],
        [[version], swapped],
      ),
    );
    const to = new Date();
    world.stretches.set(version, { from, to });
    await noFailures(truths, world, from, to);
  },
});
