import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encode } from '../../shared/adapters/tables/codec.ts';
import { decide } from '../../shared/lane/decide.ts';
import { openAct } from '../../shared/lane/finish.ts';
import type { Policy } from '../../shared/lane/policy.ts';
import { aPolicy, byAda } from '../builders/policy.ts';
import { type Dice, type Step, Walk } from './walk/walk.ts';

/** What holds on every walk, whatever comes in whatever order. */

const policies: [Policy, ...Policy[]] = [
  aPolicy(),
  aPolicy({ arrivals: { mode: 'queue', limit: 20 } }),
  aPolicy({ arrivals: { mode: 'refuse' }, approval: byAda }),
  aPolicy({ rollback: { mode: 'ask', askExpiresAfterMs: 1_800_000, holdAfter: false } }),
  aPolicy({
    rollback: { mode: 'automatic', askExpiresAfterMs: 1_800_000, holdAfter: false },
    arrivals: { mode: 'queue', limit: 3 },
  }),
  aPolicy({ mode: 'stage' }),
  aPolicy({ mode: 'observe' }),
];

const die = fc.noBias(fc.nat({ max: 9_999 }));
const dice = fc.array(fc.tuple(die, die, die), { minLength: 50, maxLength: 400, size: 'max' });

/** Each walk is one sample: enough of them to come to every stage, few enough for seconds. */
async function onEveryWalk(property: (walk: Walk) => void, runs = 60, seed?: number): Promise<void> {
  await fc.assert(
    fc.property(fc.constantFrom(...policies), dice, (policy, rolls) => property(walked(policy, rolls))),
    { numRuns: runs, ...(seed === undefined ? {} : { seed }) },
  );
}

function walked(policy: Policy, rolls: Dice[], suffix = ''): Walk {
  const walk = new Walk(policy, suffix);
  for (const roll of rolls) walk.take(roll);
  return walk;
}

/** Written and read again: nothing of it is shared with the original. */
function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}

const moves = ({ steps }: Walk) =>
  steps.flatMap(({ decision, ...step }) => (decision.kind === 'move' ? [{ ...step, decision }] : []));

test('walks come to every stage and to every end', async () => {
  const stages = new Set<string>();
  const outcomes = new Set<string>();
  await onEveryWalk(
    (walk) => {
      for (const { lane } of moves(walk).map(({ decision }) => decision)) stages.add(lane.active?.stage ?? 'idle');
      for (const { outcome } of walk.records.values()) if (outcome !== null) outcomes.add(outcome);
    },
    200,
    1,
  );
  expect([...stages].sort()).toEqual([
    'awaiting-approval',
    'awaiting-rollback',
    'idle',
    'rolling-back',
    'staging',
    'swapping',
    'verifying',
    'warming',
    'watching',
  ]);
  expect(outcomes.size).toBeGreaterThanOrEqual(8);
});

test('deciding is pure: inputs stay as they are, and the same inputs give the same decision', async () => {
  await onEveryWalk(({ steps }) => {
    for (const { facts, before, event, decision } of steps) {
      const text = encode([facts, before, event]);
      expect(decide(frozen(facts), frozen(before), frozen(event))).toEqual(decision);
      expect(encode([facts, before, event])).toBe(text);
    }
  }, 20);
});

test('the clock is set after every move, and its step tells each waiting from the one before', async () => {
  await onEveryWalk((walk) => {
    for (const { before, decision, event, facts } of moves(walk)) {
      const { lane } = decision;
      if (lane.wakeAt === null) throw new Error('nothing comes back');
      if (lane.wakeAt.getTime() !== before.wakeAt?.getTime()) expect(lane.step).toBeGreaterThan(before.step);
      expect(lane.step).toBeGreaterThanOrEqual(before.step);
      if (event.type === 'wake') expect(lane.wakeAt.getTime()).toBeGreaterThan(facts.now.getTime());
    }
  });
});

test('a wake that is due always moves: no lane is left with a clock that has run out', async () => {
  await onEveryWalk(({ steps }) => {
    for (const { event, before, decision } of steps)
      if (event.type === 'wake' && event.step === before.step) expect(decision.kind).toBe('move');
  });
});

describe('acts', () => {
  test('at most one is asked for in a decision, and it is the planned act of the deployment that moves', async () => {
    await onEveryWalk((walk) => {
      for (const { decision } of moves(walk)) {
        const acts = decision.effects.filter((effect) => effect.type === 'act');
        expect(acts.length).toBeLessThanOrEqual(1);
        const open = openAct(decision.lane);
        for (const { intent, deployment } of acts) {
          expect(open).toMatchObject({ step: 'planned', intent });
          expect(decision.lane.active?.record.id).toBe(deployment);
        }
      }
    });
  });

  test('an intent is never used twice, and no act that was claimed is left without being found out', async () => {
    await onEveryWalk((walk) => {
      const intents = new Set<string>();
      for (const { before, decision, event, facts } of moves(walk)) {
        const [was, is] = [openAct(before), openAct(decision.lane)];
        if (is !== null && is.intent !== was?.intent && !wasInterrupted(was, is.intent)) {
          expect(intents).not.toContain(is.intent);
          intents.add(is.intent);
        }
        if (is?.step === 'quiet' && was?.step !== 'quiet')
          expect(is.until.getTime() - facts.now.getTime()).toBe(facts.timing.quietMs);
        // Only a result ends what was claimed: neither an arrival nor a command may, and the clock only by asking for a person.
        if (was === null || was.step === 'planned' || event.type === 'settled' || is?.intent === was.intent) continue;
        expect(event.type).toBe('wake');
        expect([...decision.records].map(({ outcome }) => outcome)).toEqual(['needs-human']);
      }
    });
  });
});

const wasInterrupted = (act: ReturnType<typeof openAct>, intent: string): boolean =>
  act?.goal.kind === 'reset' && act.goal.interrupted.intent === intent;

describe('what is live', () => {
  const changes = (walk: Walk) => moves(walk).filter(({ before, decision }) => decision.lane.live !== before.live);

  test('changes by a finding or an adoption only, and each time with a marker of its own', async () => {
    await onEveryWalk((walk) => {
      const ids = new Set<string>();
      for (const { event, decision } of changes(walk)) {
        expect(event).toMatchObject({ type: 'settled', of: 'look', result: { end: 'done' } });
        const markers = decision.effects.flatMap((effect) => (effect.type === 'record-marker' ? [effect.marker] : []));
        expect(markers).toMatchObject([{ version: decision.lane.live?.version, liveAt: decision.lane.live?.liveAt }]);
        for (const { id, switchedBetween, liveAt } of markers) {
          expect(ids).not.toContain(id);
          ids.add(id);
          if (switchedBetween !== undefined)
            expect(switchedBetween.from.getTime()).toBeLessThanOrEqual(liveAt.getTime());
        }
      }
    });
  });

  test('is what production held when it was said', async () => {
    await onEveryWalk((walk) => {
      for (const { event, decision } of changes(walk)) {
        if (event.type !== 'settled' || event.of !== 'look' || event.result.end !== 'done')
          throw new Error('not a look');
        expect(event.result.value.production.identity).toEqual(decision.lane.live?.identity);
      }
    });
  });
});

test('a row that ended is not written again, and each that began ends or is moving or waits', async () => {
  await onEveryWalk((walk) => {
    const ended = new Set<string>();
    for (const { decision } of moves(walk)) {
      for (const { id, outcome, stage } of decision.records) {
        expect(ended).not.toContain(id);
        expect(outcome === null).toBe(stage !== 'done');
        if (outcome !== null) ended.add(id);
      }
    }
    const { active, queue } = walk.lane;
    const open = [...walk.records.values()].filter(({ outcome }) => outcome === null).map(({ id }) => id);
    const alive = [...(active === null ? [] : [active.record.id]), ...queue.map(({ record }) => record.id)];
    expect(open.sort()).toEqual(alive.sort());
  });
});

test('a held lane starts nothing but what a person commands', async () => {
  await onEveryWalk((walk) => {
    for (const { before, event, decision } of moves(walk)) {
      const started = decision.lane.active?.record.id !== before.active?.record.id && decision.lane.active !== null;
      if (!started || before.hold === null) continue;
      const order =
        before.active?.stage === 'staging' && before.active.at.step === 'acting' ? before.active.at.thenRollBack : null;
      expect(event.type === 'command' || order !== null).toBe(true);
    }
  });
});

test('a decision fits in one transaction of 40 rows, the lane row in 30,000 characters', async () => {
  const longest = `-${'x'.repeat(200)}`;
  let most = 0;
  await fc.assert(
    fc.property(fc.constantFrom(...policies), dice, (policy, rolls) => {
      for (const { decision } of moves(walked(policy, rolls, longest))) {
        const { effects, records, newBuild, quarantined, lane } = decision;
        // Besides: the lane row, a journal entry, the effect that was settled and what its sender can read.
        expect(
          effects.length + records.length + quarantined.length + (newBuild === null ? 0 : 1) + 4,
        ).toBeLessThanOrEqual(40);
        most = Math.max(most, encode(lane).length);
      }
    }),
    { numRuns: 60 },
  );
  expect(most).toBeGreaterThan(5_000);
  expect(most).toBeLessThanOrEqual(30_000);
});

test('everything ends: once all goes well, what moves comes to an end, and what waits on a free lane has its turn', async () => {
  await onEveryWalk((walk) => {
    walk.site.preview = false;
    for (let calm = 0; calm < 3_000 && !atRest(walk); calm += 1) walk.settle(0, 'carried-out');
    expect(walk.lane.active?.stage ?? 'idle').toBe('idle');
    if (walk.lane.hold === null) expect(walk.lane.queue).toEqual([]);
  }, 60);
});

const atRest = ({ lane, pending }: Walk): boolean =>
  lane.active === null && pending.length === 0 && (lane.hold !== null || lane.queue.length === 0);

test('a step of a walk is what a failure is told by', () => {
  const { steps } = walked(aPolicy(), [[48, 1, 0]]);
  expect(steps.map(({ event, decision }: Step) => [event.type, decision.kind])).toEqual([['build-arrived', 'move']]);
});
