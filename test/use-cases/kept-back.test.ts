import { beforeEach, expect, test } from 'vitest';
import type { Command } from '../../shared/lane/input.ts';
import { Life } from '../simulation/clicks-life.ts';
import { actorOf } from '../simulation/clicks-people.ts';
import { buildBy, policyBy } from '../simulation/clicks-scenario.ts';
import { ClicksWorld, lane } from '../simulation/clicks-world.ts';

let world: ClicksWorld;
let isStopped: boolean;
let isCold: boolean;
let swaps: (string | null)[];
let warmings: number;

/** 1.1.0 is approved under WARMSWAP_STOP: it is warmed and verified, and its swap is planned. */
beforeEach(async () => {
  isStopped = false;
  isCold = false;
  swaps = [];
  warmings = 0;
  world = new ClicksWorld(policyBy(4), (ports, { site }) => ({
    ...ports,
    get stopped() {
      return isStopped;
    },
    site: {
      ...site.port,
      async ask(of, slot, question) {
        const answer = await site.port.ask(of, slot, question);
        if (slot !== 'staging' || question.path !== '/health') return answer;
        warmings += 1;
        return isCold && answer.answered ? { ...answer, status: 503 } : answer;
      },
    },
  }));
  world.site.swapping = (incoming) => swaps.push(incoming);
  const build = buildBy(1, 0, new Date(world.now));
  world.builds.set(build.id, build);
  world.send({ id: world.newInputId(), lane, type: 'build-arrived', build }, '', world.now);
  await new Life(world).progress();
  isStopped = true;
  await give((at) => ({ type: 'approve', ...at }));
  await pass(1);
  expect(world.lane?.active).toMatchObject({ stage: 'swapping', swap: { step: 'planned' } });
});

type At = Pick<Extract<Command, { type: 'approve' }>, 'deployment' | 'build'>;

/** Ada says something about what moves. */
async function give(commandAbout: (at: At) => Command): Promise<void> {
  const at = world.lane?.active;
  const ada = world.people.find(({ name, slackId }) => name === 'Ada' && slackId !== null);
  if (at === undefined || at === null || ada === undefined) throw new Error('nothing moves');
  const command = commandAbout({ deployment: at.record.id, build: at.build.id });
  world.send({ id: world.newInputId(), lane, type: 'command', by: actorOf(ada), command }, '', world.now);
  await pass(0);
}

/** Everything that is due within so many minutes. */
async function pass(minutes: number): Promise<void> {
  const until = world.now + minutes * 60_000;
  for (let next = world.next; next !== null && next <= until; next = world.next) {
    world.now = Math.max(world.now, next);
    await world.deliver();
  }
  world.now = until;
}

const outcomes = () => [...world.lanes.records.values()].map(({ outcome, why }) => ({ outcome, why }));

test('after a short stop it is swapped as it was verified', async () => {
  const before = warmings;
  isStopped = false;
  await pass(1);
  expect([swaps, warmings]).toEqual([['1.1.0'], before]);
});

// Whatever comes first then: the clock, or the request that was put off.
test.each([0, 5, 10, 15, 20, 25, 30])('after a stop of an hour and %i s it is warmed again first', async (seconds) => {
  await pass(60 + seconds / 60);
  const before = warmings;
  expect(swaps).toEqual([]);
  isStopped = false;
  await pass(2);
  expect(swaps).toEqual(['1.1.0']);
  expect(warmings).toBeGreaterThan(before);
});

test('what got cold in a long stop is not swapped in', async () => {
  await pass(60);
  isStopped = false;
  isCold = true;
  await pass(60);
  expect(swaps).toEqual([]);
  expect(outcomes()).toMatchObject([{ outcome: 'needs-human', why: expect.stringContaining('/health answered 503') }]);
});

test('on hold it is not swapped either, until the lane is released', async () => {
  await give(() => ({ type: 'hold', reason: 'a freeze' }));
  isStopped = false;
  await pass(60);
  expect(swaps).toEqual([]);
  expect(world.lane?.active?.record.why).toBe('waits: on hold by Ada: a freeze');
  await give(() => ({ type: 'release' }));
  await pass(2);
  expect(swaps).toEqual(['1.1.0']);
});

test('rejected under the stop it is over, and nothing comes of it when the stop is lifted', async () => {
  await give((at) => ({ type: 'reject', ...at, reason: 'not any more' }));
  expect(outcomes()).toMatchObject([
    { outcome: 'cancelled', why: 'Ada rejected it before its swap was sent: not any more' },
  ]);
  isStopped = false;
  await pass(60);
  expect(swaps).toEqual([]);
  expect(world.lane?.active).toBeNull();
});
