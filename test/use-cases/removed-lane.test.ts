import { beforeEach, expect, test } from 'vitest';
import type { InputId } from '../../shared/lane/words.ts';
import { Unreadable } from '../../shared/ports.ts';
import { wakeInput } from '../../shared/use-cases/receive.ts';
import { Life } from '../simulation/clicks-life.ts';
import { actorOf } from '../simulation/clicks-people.ts';
import { buildBy, policyBy } from '../simulation/clicks-scenario.ts';
import { ClicksWorld, lane } from '../simulation/clicks-world.ts';

let world: ClicksWorld;
let isInFile: boolean;

/** 1.1.0 waits for approval; then its lane is taken out of the owner's file. */
beforeEach(async () => {
  isInFile = true;
  world = new ClicksWorld(policyBy(4), (ports, it) => ({
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
  const arrived = buildBy(1, 0, new Date(world.now));
  world.builds.set(arrived.id, arrived);
  world.send({ id: world.newInputId(), lane, type: 'build-arrived', build: arrived }, '', world.now);
  await new Life(world).progress();
  expect(world.lane?.active?.stage).toBe('awaiting-approval');
  isInFile = false;
});

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
  expect([...world.lanes.records.values()]).toMatchObject([{ outcome: 'live', approvedBy: 'Ada' }]);
  expect(world.lane).toMatchObject({ active: null, live: { version: '1.1.0' } });
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
