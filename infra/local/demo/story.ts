import { adopted } from './scenes/adopted.ts';
import { brokenInProduction } from './scenes/broken-in-production.ts';
import { byHand } from './scenes/by-hand.ts';
import { goesLive } from './scenes/goes-live.ts';
import { quarantined } from './scenes/quarantined.ts';
import { everyErrorCounted, rolledBack } from './scenes/rolled-back.ts';
import { wrongDigest } from './scenes/wrong-digest.ts';
import type { Release } from './shipping.ts';
import { type Truth, truthsOf } from './truths.ts';
import type { Scene, World } from './world.ts';

const ada = { name: 'Ada Lovelace', email: 'ada@example.com' };
const grace = { name: 'Grace Hopper', email: 'grace@example.com' };

const releases = {
  first: {
    version: '1.0.0',
    number: 101,
    by: ada,
    commits: ['Prices come from the catalogue', 'The front page has a colour'],
  },
  good: { version: '1.1.0', number: 102, by: grace, commits: ['Quotes are answered twice as fast'] },
  throwing: {
    version: '1.2.0',
    number: 103,
    by: ada,
    commits: ['Quotes know about discounts', 'Remove the old price table'],
    flaw: 'throws',
  },
  broken: {
    version: '1.3.0',
    number: 104,
    by: grace,
    commits: ['Connect to the new database'],
    flaw: 'production-setting',
  },
  changed: { version: '1.4.0', number: 105, by: ada, commits: ['A new footer'], tampered: true },
} satisfies Record<string, Release>;

/** How often an idle lane is looked at in the demo; on Azure it is minutes. */
export const PATROL_MS = 3_000;

export const scenes: Scene[] = [
  adopted,
  goesLive(releases.first, '0.9.0'),
  goesLive(releases.good, '1.0.0'),
  rolledBack(releases.throwing, '1.1.0'),
  quarantined('1.2.0'),
  brokenInProduction(releases.broken, '1.1.0'),
  wrongDigest(releases.changed),
  byHand('1.4.1', PATROL_MS),
  everyErrorCounted('1.2.0'),
];

/** The scenes in order; every truth is told as soon as it is known. Throws where a scene cannot go on. */
export async function tell(world: World, told: (truth: Truth) => void): Promise<void> {
  for (const scene of scenes) {
    world.signal.throwIfAborted();
    world.screen.scene(scene.title);
    await scene.play(world, truthsOf(scene.title, world.signal, told));
  }
}
