import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { Failed } from './failed.ts';
import { live } from './life.ts';
import { type Scenario, scenarios } from './scenario.ts';

const usage = `simulate [--schedules 100000] [--seed N] [--path P] [--shrink]
  --path    lives one counterexample again and tells all that happens in it
  --shrink  looks for a smaller counterexample, which takes a while`;

/** Many schedules, each a whole life of a lane; the first that breaks a law is told with the way to live it again. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      schedules: { type: 'string' },
      seed: { type: 'string' },
      path: { type: 'string' },
      shrink: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const schedules = Number(values.schedules ?? 100_000);
  const seed = Number(values.seed ?? Date.now() & 0x7fffffff);
  if (!Number.isInteger(schedules) || schedules < 1 || !Number.isInteger(seed)) {
    console.error(usage);
    return 2;
  }
  const started = Date.now();
  let lived = 0;
  let steps = 0;
  const met = new Map<string, number>();
  console.log(`seed ${seed}`);
  const run = await fc.check(
    fc.asyncProperty(scenarios, fc.scheduler(), async (scenario, scheduler) => {
      const { core, laws } = await live(scheduler, scenario);
      for (const what of laws.met) met.set(what, (met.get(what) ?? 0) + 1);
      lived += 1;
      steps += core.steps;
      if (lived % 5_000 === 0) console.log(`${lived} schedules, ${steps} steps, ${seconds(started)} s`);
    }),
    {
      seed,
      numRuns: schedules,
      endOnFailure: values.shrink !== true,
      ...(values.path === undefined ? {} : { path: values.path }),
    },
  );
  if (!run.failed) {
    for (const [what, lives] of [...met].sort(([, a], [, b]) => b - a))
      console.log(`${String(lives).padStart(7)} met ${what}`);
    console.log(`${lived} schedules, ${steps} steps, ${seconds(started)} s: every law held`);
    return 0;
  }
  tell(run.counterexample?.[0], run.errorInstance);
  console.log(`again: npm run simulate -- --seed ${seed} --path "${run.counterexamplePath ?? ''}"`);
  return 1;
}

function tell(scenario: Scenario | undefined, failure: unknown): void {
  if (failure instanceof Failed) console.log(failure.trace.join('\n'));
  console.log(JSON.stringify(scenario, null, 1));
  console.log(failure instanceof Error ? failure.stack : failure);
}

const seconds = (since: number): number => Math.round((Date.now() - since) / 1000);

process.exitCode = await main();
