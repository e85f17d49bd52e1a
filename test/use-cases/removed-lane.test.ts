import { beforeEach, expect, test } from 'vitest';
import type { Command } from '../../shared/lane/input.ts';
import type { InputId } from '../../shared/lane/words.ts';
import { Unreadable } from '../../shared/ports.ts';
import { wakeInput } from '../../shared/use-cases/receive.ts';
import { Life } from '../simulation/clicks-life.ts';
import { actorOf } from '../simulation/clicks-people.ts';
import { buildBy, policyBy } from '../simulation/clicks-scenario.ts';
import { ClicksWorld, lane } from '../simulation/clicks-world.ts';

let world: ClicksWorld;
let isInFile: boolean;

/** 1.1.0 waits for approval, and 1.2.0 for its turn; then their lane is taken out of the owner's file. */
beforeEach(async () => {
  isInFile = true;
  world = new ClicksWorld({ ...policyBy(4), slack: { channel: '#shop' } }, (ports, it) => ({
    ...ports,
    apps: {
      lanes: () => (isInFile ? [lane] : []),
      defaultEnvironment: () => null,
      policy: () => {
        if (!isInFile) throw new Unreadable(`the apps file names no ${lane}`);
        return it.policy;
      },
    },
  }));
  await arrives(1);
  expect(world.lane?.active?.stage).toBe('awaiting-approval');
  await arrives(2);
  expect(world.lane?.queue.map(({ build }) => build.version)).toEqual(['1.2.0']);
  isInFile = false;
});

async function arrives(number: number): Promise<void> {
  const build = buildBy(number, 0, new Date(world.now));
  world.builds.set(build.id, build);
  world.send({ id: world.newInputId(), lane, type: 'build-arrived', build }, '', world.now);
  await new Life(world).progress();
}

async function commanded(command: Command): Promise<void> {
  world.send({ id: world.newInputId(), lane, type: 'command', by: { name: 'ci' }, command }, '', world.now);
  await world.deliver();
}

const rows = () => [...world.lanes.records.values()];
const gone = "shop@production is in the owner's file no longer";

async function approved(): Promise<void> {
  const at = world.lane?.active;
  const ada = world.people.find(({ name, slackId }) => name === 'Ada' && slackId !== null);
  if (at === undefined || at === null || ada === undefined) throw new Error('nobody waits for anybody');
  const command = { type: 'approve', deployment: at.record.id, build: at.build.id } as const;
  world.send({ id: world.newInputId(), lane, type: 'command', by: actorOf(ada), command }, '', world.now);
  for (let times = 0; times < 40 && world.lane?.active != null; times += 1) await new Life(world).progress();
}

/** Everything that is due within an hour. */
async function anHour(): Promise<number> {
  const until = world.now + 3_600_000;
  const before = world.received.length;
  for (let next = world.next; next !== null && next <= until; next = world.next) {
    world.now = Math.max(world.now, next);
    await world.deliver();
  }
  world.now = until;
  return world.received.length - before;
}

test('what it was doing is brought to an end by the policy it began with', async () => {
  await approved();
  expect(rows()[0]).toMatchObject({ outcome: 'live', approvedBy: 'Ada' });
  expect(world.lane).toMatchObject({ active: null, live: { version: '1.1.0' } });
});

test('what waited for its turn is given up with the reason, and never starts', async () => {
  await approved();
  await anHour();
  expect(rows()).toMatchObject([
    { build: { version: '1.1.0' }, outcome: 'live' },
    { build: { version: '1.2.0' }, outcome: 'cancelled', why: gone, slackChannel: '#shop' },
  ]);
  expect(world.lane).toMatchObject({ active: null, queue: [], live: { version: '1.1.0' } });
});

test('what comes while it is brought to an end is refused with the reason', async () => {
  await arrives(3);
  expect(world.received.at(-1)).toMatchObject({ decision: 'ignored', told: gone });
  await approved();
  expect(world.lane).toMatchObject({ active: null, queue: [], live: { version: '1.1.0' } });
});

test('what comes when it has ended is refused with the reason as well, which its sender can read', async () => {
  await approved();
  const [, waited] = rows();
  const sawLive = world.lane?.live?.build?.id ?? null;
  if (waited === undefined) throw new Error('nothing waited');
  await arrives(3);
  expect(world.received.at(-1)).toMatchObject({ decision: 'ignored', told: gone });
  for (const command of [
    { type: 'retry', deployment: waited.id, sawLive },
    { type: 'deploy', build: waited.build.id, sawLive },
    { type: 'hold', reason: 'a freeze' },
  ] as const) {
    await commanded(command);
    const { input } = world.received.at(-1) ?? {};
    expect(world.lanes.seen.get(String(input))).toMatchObject({ outcome: 'ignored', told: gone });
  }
  expect(world.lane).toMatchObject({ active: null, queue: [], hold: null });
});

test('what waits on a lane that is held leaves it with the next wake', async () => {
  isInFile = true;
  const { lane: now } = world;
  if (now?.active == null) throw new Error('nothing moves');
  await commanded({ type: 'hold', reason: 'a freeze' });
  await commanded({ type: 'reject', deployment: now.active.record.id, build: now.active.build.id, reason: 'no' });
  expect(world.lane).toMatchObject({ active: null, queue: [{ build: { version: '1.2.0' } }] });
  isInFile = false;
  await anHour();
  expect(rows()[1]).toMatchObject({ outcome: 'cancelled', why: gone, slackChannel: '#shop' });
  expect(world.lane?.queue).toEqual([]);
});

test('then its clock stands still: what reminds of it is ignored with the reason, and nothing comes by itself', async () => {
  await approved();
  await anHour();
  expect(world.received.at(-1)).toMatchObject({
    decision: 'ignored',
    told: "shop@production is in the owner's file no longer",
  });
  expect(await anHour()).toBe(0);
  world.send({ id: `${lane}~site1` as InputId, lane, type: 'site-changed', request: null }, '', world.now);
  await world.deliver();
  expect(world.received.at(-1)).toMatchObject({ input: `${lane}~site1`, decision: 'ignored' });
  expect(world.next).toBeNull();
});

test('a look that was still to be made is given up', async () => {
  await approved();
  const { stored } = world.lanes;
  if (stored === null) throw new Error('no lane');
  const look = { type: 'look', deployment: null, intent: null } as const;
  world.lanes.stored = {
    ...stored,
    pending: [{ seq: stored.lane.effectSeq, effect: look, notBefore: null, tries: 0 }],
  };
  world.send(wakeInput(lane, stored.lane.step), '~again', world.now);
  await world.deliver();
  expect(world.lanes.stored?.pending).toEqual([]);
});

test('back in the file, the next wake of the sweep looks at it again', async () => {
  await approved();
  await anHour();
  isInFile = true;
  const { lane: now } = world;
  if (now === null) throw new Error('no lane');
  world.send(wakeInput(lane, now.step), '~sweep1', world.now);
  await world.deliver();
  expect(world.received.at(-1)).toMatchObject({ decision: 'applied' });
  expect(world.next).not.toBeNull();
});
