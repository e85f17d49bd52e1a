import fc from 'fast-check';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { calm, type Plant, type Replaced } from './plant.ts';
import { plants } from './plants.ts';
import type { Scenario } from './scenario.ts';
import { search } from './search.ts';

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
const control = 25;
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
    const healthy = await search(livesOf(plant), { schedules: control, seed, planted: onlyTheWorld(plant) });
    expect(healthy.law, healthy.told).toBe('');
    planted.replaced = plant.replaced ?? {};
    const caught = await search(livesOf(plant), { schedules: most, seed, planted: plant.world ?? {} });
    table.push({ planted: plant.name, 'caught by': caught.law, schedules: String(caught.schedules) });
    expect(plant.caughtBy, caught.told).toContain(caught.law);
  },
  120_000,
);

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
