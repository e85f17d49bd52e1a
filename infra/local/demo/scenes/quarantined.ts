import { inputIdOf } from '../../../../shared/wire/ids.ts';
import type { BuildEvent } from '../event.ts';
import { type Seen, same } from '../truths.ts';
import { until } from '../until.ts';
import type { Scene, World } from '../world.ts';

/** A build that was rolled back does not come back by itself: neither by a repeated event nor by a new one. */
export const quarantined = (version: string): Scene => ({
  title: `${version} is announced again`,
  async play(world, truths) {
    const { tables, announcer, service, site } = world;
    const since = await site.lastCall();
    const before = await tables.deployments();
    const record = before.find(({ build }) => build.version === version);
    const event = world.announced.get(version);
    if (record === undefined || event === undefined) throw new Error(`${version} was not shipped in this demo`);

    await truths.check('its build is in quarantine, with the reason', async () => {
      const row = (await tables.builds()).find(({ build }) => build.version === version);
      return {
        holds: row?.quarantined?.deployment === record.id && row.quarantined.because !== '',
        seen: JSON.stringify(row?.quarantined),
      };
    });

    await announcer.announce(event, `${event.id}-again`);
    const location = await service.postBuild(event);
    const anew = { ...event, id: `${event.id}-rerun` };
    await announcer.announce(anew, anew.id);
    await truths.check('a new event for the same build is refused, and says why', () => refused(world, anew));
    await truths.check('the same event, on the queue and over HTTP, is answered with the first outcome', async () => {
      const told = (await service.get(location)) as { state: string; deployment: string };
      return same([told.state, told.deployment, record.outcome], ['applied', record.id, 'rolled-back']);
    });
    await truths.check('no deployment came of either, and nothing was asked of ARM or Kudu', async () => {
      const after = await tables.deployments();
      return same([after.length, (await site.actsSince(since)).length], [before.length, 0]);
    });
  },
});

async function refused(world: World, event: BuildEvent): Promise<Seen> {
  const input = inputIdOf(world.lane, event.source, event.id);
  const told = await until('the answer to the new event', 15_000, world.signal, async () => {
    const seen = await world.service.input(input);
    return seen.state === 'pending' ? { seen: 'pending' } : { answer: seen };
  });
  world.screen.say(`refused: ${told.because}`);
  return {
    holds: told.state === 'ignored' && (told.because ?? '').includes('quarantined'),
    seen: JSON.stringify(told),
  };
}
