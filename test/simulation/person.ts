import { good, type PersonPlan } from './scenario.ts';
import type { World } from './world.ts';

/** A person swaps or deploys by hand, once. A swap that meets another operation is tried again a little later. */
export function actByHand({ core, site, laws }: World, { does, after }: PersonPlan): void {
  const start = core.time.now();
  let tries = 0;
  const act = (): void => {
    tries += 1;
    if (does === 'deploy') {
      const common = { by: 'person', build: null, traits: good, verified: false, badFrom: null } as const;
      site.deployByHand({ ...common, kudu: 'k-hand', version: 'by-hand', label: '' });
      return;
    }
    if (site.busy() !== null) {
      if (tries < 10) core.time.at(core.time.now() + 15_000, act);
      return;
    }
    site.acts += 1;
    core.say('person', 'swaps');
    site.startSwap(null);
  };
  if ('startMs' in after) {
    core.time.at(start + after.startMs, act);
    return;
  }
  if ('watchedMs' in after) {
    laws.onWatching = () => core.time.at(core.time.now() + after.watchedMs, act);
    return;
  }
  const { swapRequest, ms } = after;
  laws.swaps.onSwapRequest = (count) => {
    if (count === swapRequest) core.time.at(core.time.now() + ms, act);
  };
}
