import fc from 'fast-check';
import { expect, test } from 'vitest';
import { live } from './life.ts';
import { good, type Scenario, scenarios } from './scenario.ts';

const quiet: Scenario = {
  seed: 1,
  builds: [{ traits: good, afterMs: 0, copies: 1 }],
  faults: [],
  person: null,
  commands: [],
  approval: false,
  rollback: 'automatic',
  arrivals: 'supersede',
  pingIsSet: true,
};

test('one good build, and nothing goes wrong', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const { laws, site, core } = await live(scheduler, quiet).catch((e) => {
        throw e;
      });
      console.log(core.trace.join('\n'), core.steps);
      expect(site.production.value.version).toBe('1.0.0');
      expect([...laws.records.values()].map(({ outcome }) => outcome)).toEqual(['live']);
    }),
    { numRuns: 1 },
  );
});
test.skip('x', () => {
  scenarios;
});
