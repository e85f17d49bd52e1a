import fc from 'fast-check';
import { expect, test } from 'vitest';
import { live, type Planted } from './life.ts';
import { calm } from './plant.ts';
import { good, type Scenario } from './scenario.ts';

/** One life in one order; only where a worker dies differs. */
async function lived(scenario: Scenario, planted: Planted) {
  const [scheduler] = fc.sample(fc.scheduler(), { numRuns: 1, seed: 1 });
  if (scheduler === undefined) throw new Error('one scheduler was asked for');
  const { laws, site, core } = await live(scheduler, scenario, planted).catch((error: unknown) => {
    throw new Error(`dies at ${planted.dieAt}`, { cause: error });
  });
  return {
    awaits: core.reached,
    end: {
      outcomes: [...laws.records.values()].map(({ outcome }) => outcome),
      production: site.production.value.version,
      wentLive: laws.goingLives.map(({ kind }) => kind),
    },
  };
}

test.each([
  { life: 'a good build', builds: [{ traits: good, afterMs: 0, copies: 1 }], becomes: ['live'], runs: '1.0.0' },
  {
    life: 'a bad build',
    builds: [{ traits: { ...good, badLive: true }, afterMs: 0, copies: 1 }],
    becomes: ['rolled-back'],
    runs: '0.9.0',
  },
])(
  '$life: a worker that dies at any await changes nothing about the end',
  async ({ builds, becomes, runs }) => {
    const scenario: Scenario = { ...calm, builds };
    const { awaits, end } = await lived(scenario, {});
    expect(end.outcomes).toEqual(becomes);
    expect(end.production).toBe(runs);
    expect(awaits).toBeGreaterThan(100);
    for (let dieAt = 1; dieAt <= awaits; dieAt += 1) {
      const again = await lived(scenario, { dieAt });
      expect(again.end, `dies at await ${dieAt}`).toEqual(end);
    }
  },
  120_000,
);
