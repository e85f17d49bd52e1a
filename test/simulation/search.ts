import fc from 'fast-check';
import { Failed } from './failed.ts';
import { live, type Planted } from './life.ts';
import type { Scenario } from './scenario.ts';

export interface Searched {
  /** The law that was broken; empty: all held. */
  law: string;
  schedules: number;
  /** What happened before it broke, and how to live it again. */
  told: string;
  /** In how many lives something was met. */
  met: ReadonlyMap<string, number>;
}

/** Lives many schedules, until one breaks a law. */
export async function search(
  lives: fc.Arbitrary<Scenario>,
  { schedules, seed, planted = {} }: { schedules: number; seed: number; planted?: Planted },
): Promise<Searched> {
  const met = new Map<string, number>();
  const run = await fc.check(
    fc.asyncProperty(lives, fc.scheduler(), async (scenario, scheduler) => {
      const { laws } = await live(scheduler, scenario, planted);
      for (const what of laws.met) met.set(what, (met.get(what) ?? 0) + 1);
    }),
    { numRuns: schedules, seed, endOnFailure: true },
  );
  const failure = run.errorInstance;
  if (!run.failed) return { law: '', schedules: run.numRuns, told: '', met };
  if (!(failure instanceof Failed)) throw failure;
  const again = `${JSON.stringify(run.counterexample?.[0])}\nseed ${seed}, path ${run.counterexamplePath ?? ''}`;
  return {
    law: failure.law,
    schedules: run.numRuns,
    told: [...failure.trace.slice(-80), failure.message, again].join('\n'),
    met,
  };
}
