import fc from 'fast-check';
import { openAct } from '../../shared/lane/finish.ts';
import type { Look } from '../../shared/lane/look.ts';
import type { Act } from '../../shared/lane/swap/act.ts';
import type { ActMove, advance } from '../../shared/lane/swap/advance.ts';
import type { Ports } from '../../shared/ports.ts';
import { liveAfterFinding } from './laws.ts';
import type { Plant } from './plant.ts';
import type { PersonPlan } from './scenario.ts';
import { freshLook } from './swap-laws.ts';

type Advance = typeof advance;

const looksSay =
  (says: (look: Look) => Look) =>
  (ports: Ports): Ports => ({
    ...ports,
    site: { ...ports.site, look: async (...asked) => says(await ports.site.look(...asked)) },
  });

const swapsAfterRequest = (min: number, max: number): fc.Arbitrary<PersonPlan> =>
  fc.record({
    does: fc.constant('swap' as const),
    after: fc.record({ swapRequest: fc.constant(1), ms: fc.integer({ min, max }) }),
  });

const shows = (look: Look, act: Act): boolean =>
  act.goal.kind === 'swap' &&
  look.operation === null &&
  look.production.identity.kudu === act.goal.goal.kudu &&
  look.staging.identity.kudu === act.goal.former.kudu;

const P2 = 'P2 from the expected build to the intended';
const P3 = 'P3 what is over stays over';
const P4 = 'P4 live is true';
const P5 = 'P5 failed means untouched';
const P7 = 'P7 what a person did is not undone';

/** The rules of the swap, each taken away, by the names the model gives them. */
export const modelPlants: Plant[] = [
  {
    name: 'REPERFORM',
    what: 'whoever finds the intent claimed sends it again',
    replaced: {
      performAct: (real) => async (work, effect, pending) => {
        const act = openAct(work.stored.lane);
        const policy = work.stored.lane.active?.policy;
        if (act?.step !== 'sending' || act.goal.kind !== 'swap' || policy === undefined)
          return real(work, effect, pending);
        return work.ports.site.sendSwap(policy.site, act.intent, 20_000);
      },
    },
    world: { weights: { crash: 8 }, onlyInSwaps: true, unwatched: [freshLook] },
    caughtBy: ['one request per intent'],
    lives: { faults: ['crash'] },
  },
  {
    name: 'ZOMBIE',
    what: 'a claim is sent under, however old it is',
    world: {
      timing: { claimMs: Number.MAX_SAFE_INTEGER },
      weights: { stall: 6 },
      onlyInSwaps: true,
      stallsMs: [1_200_000],
      unwatched: [freshLook],
    },
    caughtBy: [P2, P3],
    lives: { faults: ['stall'] },
  },
  {
    name: 'TRANSIT',
    what: 'the quiet period ends while a request can still be taken',
    world: { timing: { quietMs: 1_000 }, weights: { unknown: 3 } },
    caughtBy: [P2, P3],
    lives: { faults: ['unknown'] },
  },
  {
    name: 'EARLYDONE',
    what: 'the goal is believed before the quiet period is over',
    replaced: { advance: earlyDone },
    world: { weights: { unknown: 3 }, unwatched: [liveAfterFinding] },
    caughtBy: [P2, P3, P4],
    lives: { faults: ['unknown'] },
    person: swapsAfterRequest(0, 20_000),
  },
  {
    name: 'NOSTAMP',
    what: '"not started" does not compare the time of the last completed swap',
    replaced: {
      findingOf: (real) => (act, first, look) => {
        const asClaimed = (seen: Look): Look => ({ ...seen, stamp: act.claim.look.stamp });
        const found = real(act, asClaimed(first), asClaimed(look));
        return found.found === 'foreign' ? real(act, first, look) : found;
      },
      preconditions: (real) => (now, timing, policy, act, former, look) =>
        real(now, timing, policy, { ...act, after: null }, former, look),
    },
    world: { weights: { unknown: 3 } },
    caughtBy: [P7],
    lives: { faults: ['unknown'] },
    person: swapsAfterRequest(30_000, 180_000),
  },
  {
    name: 'NOOP',
    what: 'operations in progress are not looked at',
    world: { ports: looksSay((look) => ({ ...look, operation: null })), weights: { unknown: 3, slow: 3 } },
    caughtBy: [P3, P5],
    lives: { faults: ['unknown', 'slow'] },
  },
  {
    name: 'LABEL',
    what: 'a slot is identified by its app setting alone',
    world: { labels: true },
    caughtBy: [P2],
    lives: { approval: true, commands: [{ type: 'approve', afterMs: 300_000 }] },
    person: fc.record({
      does: fc.constant('deploy' as const),
      after: fc.record({ startMs: fc.integer({ min: 160_000, max: 290_000 }) }),
    }),
  },
  {
    name: 'ONELOOK',
    what: 'one look is believed',
    replaced: {
      advance: (real) => (facts, act, event) => {
        const isFirst = act.step === 'looking' && act.first === null && event.type === 'settled';
        if (!isFirst || event.of !== 'look' || event.result.end !== 'done') return real(facts, act, event);
        const first = {
          ...event.result.value,
          at: new Date(event.result.value.began.getTime() - facts.timing.lookGapMs),
        };
        return real(facts, { ...act, first }, event);
      },
    },
    world: { weights: { lag: 1.4 }, unwatched: [liveAfterFinding] },
    caughtBy: [P2, P3, P5, P7],
    lives: { faults: ['lag', 'unknown'] },
  },
  {
    name: 'NOPRE',
    what: 'a further intent does not read its preconditions',
    replaced: {
      preconditions: (real) => (now, timing, policy, act, former, look) =>
        act.attempt > 1 ? { met: true } : real(now, timing, policy, act, former, look),
    },
    world: { weights: { refused: 3 } },
    caughtBy: [P2, P7],
    lives: { faults: ['refused'] },
    person: swapsAfterRequest(0, 10_000),
  },
  {
    name: 'SENTLOOK',
    what: 'an accepted swap is looked at without having been polled to its end',
    replaced: {
      advance: (real) => (facts, act, event) => {
        const move = real(facts, act, event);
        if (act.step !== 'sending' || move.is !== 'on' || move.act.step !== 'accepted') return move;
        return event.type === 'settled' && event.of === 'act' && event.result.end === 'done'
          ? real(facts, act, { ...event, result: { ...event.result, value: { token: null, complete: true } } })
          : move;
      },
    },
    world: { weights: { hidden: 2 } },
    caughtBy: [P2, P3, P5],
    lives: { faults: ['hidden'] },
  },
];

/** In the quiet period it looks, and believes the goal when it sees it. */
function earlyDone(real: Advance): Advance {
  return (facts, act, event): ActMove => {
    const move = real(facts, act, event);
    if (act.step !== 'quiet') {
      return move.is === 'on' && move.act.step === 'quiet' ? { ...move, wakeInMs: 5_000 } : move;
    }
    if (event.type === 'wake') {
      if (act.until <= facts.now) return move;
      const look = { type: 'look', deployment: facts.deployment, intent: act.intent } as const;
      return { is: 'on', act, effects: [look], wakeInMs: 5_000, told: 'looks early' };
    }
    if (event.of !== 'look' || event.result.end !== 'done' || !shows(event.result.value, act)) return move;
    const { value } = event.result;
    return { is: 'done', look: value, switchedBetween: { from: act.claim.at, to: value.at } };
  };
}
