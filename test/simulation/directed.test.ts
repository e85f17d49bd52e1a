import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SCHEMA } from '../../shared/adapters/tables/row.ts';
import type { Lane } from '../../shared/lane/lane.ts';
import type { Ports } from '../../shared/ports.ts';
import type { Worker } from './core.ts';
import { Failed } from './failed.ts';
import { live, type Planted } from './life.ts';
import { calm } from './plant.ts';
import { good, type Scenario } from './scenario.ts';

async function lived(more: Partial<Scenario>, planted: Planted = {}) {
  const [scheduler] = fc.sample(fc.scheduler(), { numRuns: 1, seed: 1 });
  if (scheduler === undefined) throw new Error('one scheduler was asked for');
  const { core, laws, site } = await live(scheduler, { ...calm, ...more }, planted);
  const told = (what: RegExp): string[] => core.trace.filter((line) => what.test(line));
  return {
    outcomes: [...laws.records.values()].map(({ outcome }) => outcome),
    why: [...laws.records.values()].map(({ why }) => why),
    production: site.production.value.version,
    swapsSent: told(/ sends swap /).length,
    told,
    hold: laws.lane?.hold ?? null,
    lane: laws.lane,
  };
}

/** The worker whose save first makes the lane so dies with it: saved, and nothing of what was to follow was done. */
function diesAfterSaving(isSo: (lane: Lane) => boolean): Planted {
  let isDone = false;
  const ports = (real: Ports, worker: Worker): Ports => ({
    ...real,
    lanes: {
      ...real.lanes,
      save: async (stored, change) => {
        const saved = await real.lanes.save(stored, change);
        if (isDone || !isSo(change.lane)) return saved;
        isDone = true;
        worker.alive = false;
        worker.delivery?.lose();
        return new Promise(() => {});
      },
    },
  });
  return { ports };
}

const swapStep = (lane: Lane): string | null => (lane.active?.stage === 'swapping' ? lane.active.swap.step : null);
const build = (more: Partial<typeof good>, afterMs = 0, copies = 1) => ({
  traits: { ...good, ...more },
  afterMs,
  copies,
});

describe('crashes', () => {
  test('after the result was saved: finished by the redelivery, without deciding twice', async () => {
    const life = await lived(
      {},
      diesAfterSaving((lane) => swapStep(lane) === 'accepted'),
    );
    expect(life.swapsSent).toBe(1);
    expect(life.outcomes).toEqual(['live']);
    const decided = life.told(/lane: .* swap accepted .*: accepted/).map((line) => /step \d+/.exec(line)?.[0]);
    expect(new Set(decided).size).toBe(1);
  });

  test('between claim and request: nothing is sent under that claim; a new intent is, once that is proven', async () => {
    const life = await lived(
      {},
      diesAfterSaving((lane) => swapStep(lane) === 'sending'),
    );
    expect(life.told(/swap quiet .*claimed by an invocation that did not tell/)).not.toHaveLength(0);
    expect(life.swapsSent).toBe(1);
    expect(life.told(/the swap did not take place; tries once more/)).not.toHaveLength(0);
    expect(life.outcomes).toEqual(['live']);
  });

  test('after going live was saved: one marker, and the watch goes on', async () => {
    const life = await lived(
      {},
      diesAfterSaving((lane) => lane.active?.stage === 'watching'),
    );
    expect(life.outcomes).toEqual(['live']);
    expect(life.production).toBe('1.0.0');
  });
});

test('planted: a worker that forgets where the journal ended breaks its chain, and the life does not end well', async () => {
  const ports = (real: Ports): Ports => ({
    ...real,
    lanes: {
      ...real.lanes,
      load: async (lane) => ({ ...(await real.lanes.load(lane)), journal: { seq: 0, hash: '' } }),
    },
  });
  const life = lived({}, { ports });
  const failure = await life.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Failed);
  expect(failure).toMatchObject({ law: 'the journal is one chain' });
});

describe('builds', () => {
  test('an event that comes ten times is one deployment; a repeat has the first answer, another event is told why not', async () => {
    const life = await lived({ builds: [build({}, 0, 10)] });
    expect(life.outcomes).toEqual(['live']);
    expect(life.told(/build-arrived repeated: (applied|ignored): 1\.0\.0 is/).length).toBeGreaterThan(0);
    expect(life.told(/event0again ignored: 1\.0\.0 is (live|being deployed|queued) already/)).toHaveLength(1);
  });

  test('a bad build is rolled back by itself, once', async () => {
    const life = await lived({ builds: [build({ badLive: true })] });
    expect(life.outcomes).toEqual(['rolled-back']);
    expect(life.production).toBe('0.9.0');
    expect(life.swapsSent).toBe(2);
  });

  test('the policy asks, and nobody answers: it stays live, and nothing else starts', async () => {
    const life = await lived({ builds: [build({ badLive: true })], rollback: 'ask' });
    expect(life.outcomes).toEqual(['live']);
    expect(life.hold?.because).toMatch(/judged bad and stayed/);
  });

  test.each([
    { trait: { badDigest: true }, why: /do not match its digest/ },
    { trait: { badInStaging: true }, why: /not warm in time/ },
    { trait: { breaksInSwap: true }, why: /the swap did not take place; production is untouched/ },
  ])('never live: $trait', async ({ trait, why }) => {
    const life = await lived({ builds: [build(trait)] });
    expect(life.outcomes).toEqual(['failed']);
    expect(life.why[0]).toMatch(why);
    expect(life.production).toBe('0.9.0');
  });

  test('an older build that comes after a newer one went live is refused', async () => {
    const life = await lived({ builds: [build({}, 600_000), build({}, 0)] });
    expect(life.outcomes).toEqual(['live']);
    expect(life.production).toBe('1.1.0');
    expect(life.told(/event0 ignored: 1\.0\.0 is older than 1\.1\.0/)).toHaveLength(1);
  });

  test('of three that come together the newest goes live, and the one in between is superseded', async () => {
    const life = await lived({ builds: [build({}, 0), build({}, 30_000), build({}, 40_000)] });
    expect(life.outcomes).toEqual(['live', 'superseded', 'live']);
    expect(life.production).toBe('1.2.0');
  });
});

describe('a person', () => {
  test('swaps back while the new version is watched: noticed, never fought', async () => {
    const person = { does: 'swap', after: { watchedMs: 0 } } as const;
    const life = await lived({ person });
    expect(life.outcomes).toEqual(['needs-human']);
    expect(life.hold?.because).toMatch(/while 1\.0\.0 was watched, somebody changed production to 0\.9\.0/);
    expect(life.swapsSent).toBe(1);
    expect(life.production).toBe('0.9.0');
  });

  test('deploys to staging after it was verified: that content is never swapped in', async () => {
    const person = { does: 'deploy', after: { startMs: 250_000 } } as const;
    const life = await lived({ person, approval: true, commands: [{ type: 'approve', afterMs: 300_000 }] });
    expect(life.outcomes).toEqual(['needs-human']);
    expect(life.hold?.because).toMatch(/not warm in time: staging answers by-hand, expected is 1\.0\.0/);
    expect(life.swapsSent).toBe(0);
    expect(life.production).toBe('0.9.0');
  });

  test('swaps before anything was deployed from here: what runs then is adopted', async () => {
    const person = { does: 'swap', after: { startMs: 0 } } as const;
    const life = await lived({ person, builds: [build({}, 200_000)] });
    expect(life.outcomes).toEqual(['live']);
    expect(life.told(/lane: .*live 0\.8\.0/).length).toBeGreaterThan(0);
  });
});

describe('an upgrade', () => {
  /** For five minutes the lane's row is of a schema to come, as when a newer version had written it and was taken back, or is not yet everywhere. */
  const newerFor = (afterMs: number): Planted => ({
    observed({ core, rows, laws }) {
      const put = (schema: number): void => {
        const row = rows.lanes.get('shop@production', 'lane');
        if (row === null) throw new Error('the lane is not there yet');
        const told = rows.lanes.written;
        rows.lanes.written = () => {};
        rows.lanes.transact([{ write: 'put', row: { ...row, schema } }]);
        rows.lanes.written = told;
        core.say('another version', `writes schema ${schema} at ${laws.lane?.active?.stage}`);
      };
      core.time.at(core.time.now() + afterMs, () => put(SCHEMA + 1));
      core.time.at(core.time.now() + afterMs + 300_000, () => put(SCHEMA));
    },
  });

  test.each([
    { stage: 'staging', afterMs: 45_000 },
    { stage: 'swapping', afterMs: 85_000 },
    { stage: 'watching', afterMs: 130_000 },
  ])(
    'while $stage: what comes for the lane comes again until a version runs that reads it, and nothing is lost',
    async ({ stage, afterMs }) => {
      const life = await lived({}, newerFor(afterMs));
      expect(life.told(/another version: writes schema/)).toEqual([
        expect.stringContaining(`writes schema ${SCHEMA + 1} at ${stage}`),
        expect.stringContaining(`writes schema ${SCHEMA} at ${stage}`),
      ]);
      expect(life.told(/ later: .* which is newer than this version reads/).length).toBeGreaterThan(2);
      expect(life.outcomes).toEqual(['live']);
      expect(life.swapsSent).toBe(1);
    },
  );
});
