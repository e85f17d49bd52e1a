import { inbox } from '../../shared/adapters/service-bus/outboxes.ts';
import type { Input } from '../../shared/lane/input.ts';
import type { InputId } from '../../shared/lane/words.ts';
import { Dice } from './dice.ts';
import { lane, type World } from './world.ts';

/**
 * In every second life Event Grid tells of the site: late, more than once, in any order or not at all; and somebody who may write to the
 * queue says at any time that it changed. Nothing of it may be more than a reason to look. It has dice of its own.
 */
export function hintAt(world: World, seed: number): void {
  if (seed % 2 !== 0) return;
  const { core, site, queues } = world;
  const dice = new Dice(seed ^ 0x5eed);
  const bus = {
    send: async (_entity: string, message: Parameters<typeof queues.lanes.send>[0]) => void queues.lanes.send(message),
    close: async () => {},
  };
  let count = 0;
  const tell = (request: string | null, afterMs: number): void => {
    count += 1;
    const input: Input = { id: `${lane}~site${count}` as InputId, lane, type: 'site-changed', request };
    world.eventsToCome += 1;
    core.time.at(core.time.now() + afterMs, () => {
      world.eventsToCome -= 1;
      void inbox(bus).send(input, { purpose: '' });
    });
  };
  site.onChange = ({ intent }) => {
    for (let copy = 0; copy < dice.pick([0, 1, 1, 1, 2]); copy += 1)
      tell(intent, dice.chance(0.8) ? dice.between(50, 5_000) : dice.between(5_000, 300_000));
  };
  for (let forged = dice.between(0, 4); forged > 0; forged -= 1) tell(null, dice.between(0, 600_000));
}
