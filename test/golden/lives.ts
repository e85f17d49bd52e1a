import fc from 'fast-check';
import { type Lived, live, type Planted } from '../simulation/life.ts';
import { calm } from '../simulation/plant.ts';
import { type BuildPlan, good, type Scenario } from '../simulation/scenario.ts';

interface Life {
  scenario: Partial<Scenario>;
  planted?: Planted;
  /** What must have happened in it, by the lines of its trace: the first seed with which it does is taken. */
  met: RegExp[];
}

const build = (more: Partial<typeof good> = {}, afterMs = 0): BuildPlan => ({
  traits: { ...good, ...more },
  afterMs,
  copies: 1,
});
const commanded = (type: Scenario['commands'][number]['type'], afterMs: number) => ({ type, afterMs });

/** Lives that between them bring a lane into every stage, and an act into every step. */
export const lives: Record<string, Life> = {
  'goes live': {
    scenario: { pingIsSet: false },
    met: [/settings accepted|settings looking/, /end: deploy 1\.0\.0 .*: live/],
  },
  'rolled back by itself': {
    scenario: { builds: [build({ badLive: true })] },
    met: [/rolling-back/, /end: deploy 1\.0\.0 .*: rolled-back/],
  },
  'a person is asked, and rolls back': {
    scenario: { builds: [build({ badLive: true })], rollback: 'ask', commands: [commanded('roll-back', 280_000)] },
    met: [/awaiting-rollback/, /end: deploy 1\.0\.0 .*: rolled-back/],
  },
  'a person approves': {
    scenario: { approval: true, commands: [commanded('approve', 200_000), commanded('end-watch', 300_000)] },
    met: [/command applied/, /awaiting-approval/, /end: deploy 1\.0\.0 .*: live/],
  },
  'a person rejects, holds and releases': {
    scenario: {
      approval: true,
      builds: [build(), build({}, 400_000)],
      commands: [
        commanded('reject', 200_000),
        commanded('hold', 300_000),
        commanded('release', 500_000),
        commanded('approve', 700_000),
      ],
    },
    met: [/end: deploy 1\.0\.0 .*: rejected/, /end: deploy 1\.1\.0 .*: live/],
  },
  'rolled back a while after it was live': {
    scenario: {
      builds: [build(), build({}, 300_000)],
      commands: [commanded('roll-back', 700_000), commanded('deploy', 1_400_000), commanded('retry', 1_450_000)],
    },
    met: [/end: rollback 1\.0\.0 .*: rolled-back|end: rollback 1\.0\.0 .*: live/],
  },
  'somebody swaps while it is watched': {
    scenario: { person: { does: 'swap', after: { watchedMs: 0 } } },
    met: [/end: deploy 1\.0\.0 .*: needs-human/],
  },
  'somebody swapped before': {
    scenario: { person: { does: 'swap', after: { startMs: 0 } }, builds: [build({}, 200_000)] },
    met: [/live 0\.8\.0/, /end: deploy 1\.0\.0 .*: live/],
  },
  'overtaken by a newer one': {
    scenario: { builds: [build(), build({}, 30_000), build({}, 40_000)] },
    met: [/end: deploy 1\.1\.0 .*: superseded/],
  },
  'the artefact is another': {
    scenario: { builds: [build({ badDigest: true })] },
    met: [/package-refused/, /: failed/],
  },
  'the publish is refused': {
    scenario: { faults: ['refused'] },
    planted: { weights: { refused: 20 } },
    met: [/sends publish/, /end: deploy 1\.0\.0 .*: failed .*429/],
  },
  'the answer of a swap is lost': {
    scenario: { faults: ['unknown'] },
    planted: { weights: { unknown: 5 }, onlyInSwaps: true },
    met: [/swap quiet/, /site: accepts swap/, /end: deploy 1\.0\.0 .*: live/],
  },
  'a swap fails in its warm-up': { scenario: { builds: [build({ breaksInSwap: true })] }, met: [/: failed/] },
  'a swap leaves its preview behind': {
    scenario: { faults: ['warm-up'], builds: [build({ breaksInSwap: true })] },
    planted: { weights: { 'warm-up': 0.001 } },
    met: [/sends reset/, /: failed/],
  },
};

const MOST_SEEDS = 400;

/** Lives it, with the first seed that lets happen what must; `plantedIn` gives what is planted for each try. */
export async function lived(name: string, plantedIn: () => Planted): Promise<Lived> {
  const life = lives[name];
  if (life === undefined) throw new Error(`there is no life “${name}”`);
  const missed = new Set<string>();
  for (let seed = 1; seed <= MOST_SEEDS; seed += 1) {
    const [scheduler] = fc.sample(fc.scheduler(), { numRuns: 1, seed: 1 });
    if (scheduler === undefined) throw new Error('one scheduler was asked for');
    const found = await live(scheduler, { ...calm, ...life.scenario, seed }, { ...life.planted, ...plantedIn() });
    const { trace } = found.core;
    const absent = life.met.filter((what) => !trace.some((line) => what.test(line)));
    if (absent.length === 0) return found;
    for (const what of absent) missed.add(String(what));
  }
  throw new Error(`“${name}” was not met with ${MOST_SEEDS} seeds: ${[...missed].join(', ')}`);
}
