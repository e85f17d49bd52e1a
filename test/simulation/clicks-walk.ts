import { ClicksLaws } from './clicks-laws.ts';
import { Life } from './clicks-life.ts';
import { policyBy, type Walk } from './clicks-scenario.ts';
import { type Altered, ClicksWorld } from './clicks-world.ts';

/** One life of a lane: what happens, and then everything that waits, with nothing down. Throws the law that was broken. */
export async function live({ policy, events }: Walk, altered: Altered = (ports) => ports): Promise<ClicksLaws> {
  const world = new ClicksWorld(policyBy(policy), altered);
  const laws = new ClicksLaws(world);
  const life = new Life(world);
  life.happen(['arrive', policy, policy, 0]);
  await life.progress();
  for (const event of events) {
    life.happen(event);
    if (event[0] === 'progress') await life.progress();
    else if (event[3] % 2 === 0) await world.deliver();
  }
  await life.end();
  await laws.nothingIsLost();
  return laws;
}
