import fc from 'fast-check';
import { Broken } from './broken.ts';
import { walks } from './clicks-scenario.ts';
import { live } from './clicks-walk.ts';
import type { Altered } from './clicks-world.ts';

export interface ClicksSearched {
  /** The law that was broken; empty: all held. */
  law: string;
  lives: number;
  told: string;
  /** How often something was met in all lives. */
  met: Map<string, number>;
}

/** Lives many sequences, until one breaks a law. */
export async function searchClicks(lives: number, seed: number, altered?: Altered): Promise<ClicksSearched> {
  const met = new Map<string, number>();
  const run = await fc.check(
    fc.asyncProperty(walks, async (walk) => {
      const laws = await live(walk, altered);
      for (const [what, times] of laws.met) met.set(what, (met.get(what) ?? 0) + times);
    }),
    { numRuns: lives, seed, endOnFailure: true },
  );
  if (!run.failed) return { law: '', lives: run.numRuns, told: '', met };
  const failure = run.errorInstance;
  if (!(failure instanceof Broken)) throw failure;
  const again = `${JSON.stringify(run.counterexample?.[0])}\nseed ${seed}, path ${run.counterexamplePath ?? ''}`;
  return { law: failure.law, lives: run.numRuns, told: `${failure.message}\n${again}`, met };
}
