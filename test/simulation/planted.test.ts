import fc from 'fast-check';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { Failed } from './failed.ts';
import { live } from './life.ts';
import { calm, type Plant, type Replaced } from './plant.ts';
import { plants } from './plants.ts';
import type { Scenario } from './scenario.ts';

/** What is planted now; the mocks below ask it at each call, so that the product itself has no switch. */
const planted = vi.hoisted((): { replaced: Replaced } => ({ replaced: {} }));

vi.mock('../../shared/lane/swap/advance.ts', async (original) => {
  const real = await original<typeof import('../../shared/lane/swap/advance.ts')>();
  const advance: typeof real.advance = (...given) =>
    (planted.replaced.advance?.(real.advance) ?? real.advance)(...given);
  return { ...real, advance };
});
vi.mock('../../shared/lane/swap/finding.ts', async (original) => {
  const real = await original<typeof import('../../shared/lane/swap/finding.ts')>();
  const findingOf: typeof real.findingOf = (...given) =>
    (planted.replaced.findingOf?.(real.findingOf) ?? real.findingOf)(...given);
  return { ...real, findingOf };
});
vi.mock('../../shared/lane/swap/preconditions.ts', async (original) => {
  const real = await original<typeof import('../../shared/lane/swap/preconditions.ts')>();
  const preconditions: typeof real.preconditions = (...given) =>
    (planted.replaced.preconditions?.(real.preconditions) ?? real.preconditions)(...given);
  return { ...real, preconditions };
});
vi.mock('../../shared/use-cases/acts.ts', async (original) => {
  const real = await original<typeof import('../../shared/use-cases/acts.ts')>();
  const performAct: typeof real.performAct = (...given) =>
    (planted.replaced.performAct?.(real.performAct) ?? real.performAct)(...given);
  return { ...real, performAct };
});
vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>();
  return { ...real, randomUUID: () => planted.replaced.writeId?.() ?? real.randomUUID() };
});

/** The same lives without the bug keep every law: what is caught is the bug. */
const control = 60;
const most = 400;
const seed = 20_260_301;
const table: Record<string, string>[] = [];

afterEach(() => {
  planted.replaced = {};
});
afterAll(() => console.table(table));

test.each(plants)(
  '$name: $what',
  async (plant) => {
    const healthy = await search(plant, { timing: {}, ...onlyTheWorld(plant) }, control);
    expect(healthy.law, healthy.trace).toBe('');
    planted.replaced = plant.replaced ?? {};
    const caught = await search(plant, plant.world ?? {}, most);
    table.push({ planted: plant.name, 'caught by': caught.law, schedules: String(caught.schedules) });
    expect(plant.caughtBy, caught.trace).toContain(caught.law);
  },
  60_000,
);

async function search(plant: Plant, world: NonNullable<Plant['world']>, numRuns: number) {
  const run = await fc.check(
    fc.asyncProperty(livesOf(plant), fc.scheduler(), async (scenario, scheduler) => {
      await live(scheduler, scenario, world);
    }),
    { numRuns, seed, endOnFailure: true },
  );
  const failure = run.errorInstance;
  if (!run.failed) return { law: '', schedules: run.numRuns, trace: '' };
  if (!(failure instanceof Failed)) throw failure;
  return { law: failure.law, schedules: run.numRuns, trace: failure.trace.slice(-60).join('\n') };
}

/** What makes faults likelier stays; the bug goes. */
function onlyTheWorld({ world = {} }: Plant): NonNullable<Plant['world']> {
  const { weights, onlyInSwaps, stallsMs } = world;
  return {
    ...(weights === undefined ? {} : { weights }),
    ...(onlyInSwaps === undefined ? {} : { onlyInSwaps }),
    ...(stallsMs === undefined ? {} : { stallsMs }),
  };
}

function livesOf({ lives, person }: Plant): fc.Arbitrary<Scenario> {
  return fc
    .record({ seed: fc.nat(), person: person ?? fc.constant(null) })
    .map((drawn) => ({ ...calm, ...lives, ...drawn }));
}
