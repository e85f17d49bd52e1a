import { same } from '../truths.ts';
import { until } from '../until.ts';
import type { Scene } from '../world.ts';
import { settled } from './settled.ts';

const VERSION = '0.9.0';

/** What runs before the service ever looked becomes the lane's live version, and nothing is touched for it. */
export const adopted: Scene = {
  title: `${VERSION} runs already: it is adopted`,
  async play(world, truths) {
    const { tables, site, traffic, stretches } = world;
    const from = new Date();
    const live = await until(`the adoption of ${VERSION}`, 20_000, world.signal, async () => {
      const lane = await tables.lane().catch(() => null);
      return lane?.live ? { answer: lane.live } : { seen: 'nothing is known to be live' };
    });
    world.screen.stage(live.version, 'adopted', live.liveAt, '');
    await truths.check('the lane says that 0.9.0 is live, and that no deployment of ours brought it', () =>
      same([live.version, live.deployment], [VERSION, null]),
    );
    await truths.within(5_000, 'its marker is external', async () =>
      same(
        (await tables.markers()).map(({ kind, version }) => [kind, version]),
        [['external', VERSION]],
      ),
    );
    await truths.check('production answers it on 10 new connections', async () =>
      same(settled(await site.versions('production', 10)), [VERSION]),
    );
    await truths.check('nothing was asked of ARM or Kudu but reading', async () =>
      same(
        (await site.actsSince(0)).map(({ method, path }) => `${method} ${path}`),
        [],
      ),
    );
    const to = new Date();
    stretches.set(VERSION, { from, to });
    await truths.check('no request failed', async () => same((await traffic.between(from, to)).whys, {}));
  },
};
