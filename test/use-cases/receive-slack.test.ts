import { beforeEach, describe, expect, test } from 'vitest';
import type { Command, Input } from '../../shared/lane/input.ts';
import type { OutgoingEvent } from '../../shared/lane/outgoing.ts';
import type { BuildId, DeploymentId } from '../../shared/lane/words.ts';
import { Life } from '../simulation/clicks-life.ts';
import { actorOf, type Somebody } from '../simulation/clicks-people.ts';
import { buildBy, policyBy } from '../simulation/clicks-scenario.ts';
import { ClicksWorld, lane } from '../simulation/clicks-world.ts';

/** Approvers are Ada, @release and a token; Olga operates; Root may break the glass; it expires after ten minutes. */
const policy = policyBy(4);
const replyTo = 'https://hooks.slack.example/actions/1';

let world: ClicksWorld;
let deployment: DeploymentId;
let build: BuildId;

/** 1.1.0, which is Grace's, waits for approval. */
beforeEach(async () => {
  world = new ClicksWorld({ ...policy, slack: { channel: '#shop' } }, (ports) => ports);
  const arrived = { ...buildBy(1, 0, new Date(world.now)), requestedBy: { name: 'Linus' } };
  world.builds.set(arrived.id, arrived);
  world.send({ id: world.newInputId(), lane, type: 'build-arrived', build: arrived }, '', world.now);
  await new Life(world).progress();
  const at = world.lane?.active;
  if (at?.stage !== 'awaiting-approval') throw new Error(`nothing waits for approval: ${at?.stage}`);
  deployment = at.record.id;
  build = at.build.id;
  world.published.length = 0;
});

const called = (name: string, isPerson = true): Somebody => {
  const found = world.people.find((other) => other.name === name && (other.slackId !== null) === isPerson);
  if (found === undefined) throw new Error(`nobody is called ${name}`);
  return found;
};
const approve = (): Command => ({ type: 'approve', deployment, build });

/** Gives the word; it is received once unless it has to wait. */
async function give(
  name: string,
  command: Command,
  more: { isPerson?: boolean; silent?: boolean } = {},
): Promise<Input> {
  const by = actorOf(called(name, more.isPerson ?? true));
  const id = world.newInputId();
  const input: Input = { id, lane, type: 'command', by, command, ...(more.silent ? {} : { replyTo }) };
  world.send(input, '', world.now);
  await world.deliver();
  return input;
}

const answersTo = ({ id }: Input): OutgoingEvent[] =>
  world.published.filter(({ type, subject }) => type === 'io.warmswap.input.answered' && subject === id);
const changes = (): (string | null)[] =>
  world.published.filter(({ type }) => type === 'io.warmswap.deployment.changed').map(({ subject }) => subject);
const seen = ({ id }: Input) => world.lanes.seen.get(id);

describe('the asker is told', () => {
  test('of a word that counts, after it does', async () => {
    const input = await give('Ada', approve());
    expect(seen(input)).toMatchObject({ outcome: 'applied', deployment });
    expect(answersTo(input)).toMatchObject([{ data: { lane, input: input.id, to: replyTo } }]);
    expect(changes()).toContain(deployment);
    expect(world.lanes.records.get(deployment)).toMatchObject({ approvedBy: 'Ada', brokeGlass: false });
  });

  test('of a refusal, with the reason; and the message they clicked on is shown as it stands', async () => {
    const input = await give('release-bot', approve());
    expect(seen(input)).toMatchObject({ outcome: 'ignored', told: 'release-bot is not among the approvers' });
    expect(answersTo(input)).toMatchObject([{ data: { to: replyTo } }]);
    expect(changes()).toEqual([deployment]);
    expect(world.lane?.active?.stage).toBe('awaiting-approval');
  });

  test('nobody, where no address came with the word', async () => {
    const input = await give('release-bot', approve(), { isPerson: false, silent: true });
    expect(seen(input)).toMatchObject({ outcome: 'applied' });
    expect(answersTo(input)).toEqual([]);
  });

  test('once, however often the word comes', async () => {
    const input = await give('Ada', approve());
    const told = world.lanes.records.get(deployment);
    for (const purpose of ['~again1', '~again2']) {
      world.send(input, purpose, world.now);
      await world.deliver();
    }
    expect(world.received.slice(-2).map(({ decision }) => decision)).toEqual(['repeated', 'repeated']);
    expect(answersTo(input)).toHaveLength(1);
    expect(world.lanes.records.get(deployment)).toEqual(told);
  });

  test('later, when the topic is down; and nothing else waits for it', async () => {
    world.topicIsDown = true;
    const input = await give('Ada', approve());
    expect(seen(input)).toMatchObject({ outcome: 'applied' });
    expect(answersTo(input)).toEqual([]);
    world.topicIsDown = false;
    await new Life(world).end();
    expect(answersTo(input)).toHaveLength(1);
  });
});

test.each<{ what: string; command: () => Command; because: RegExp }>([
  {
    what: 'another build',
    command: () => ({ type: 'approve', deployment, build: 'build0' as BuildId }),
    because: /^you saw build0 in .*; waiting for approval is 1\.1\.0/,
  },
  {
    what: 'another deployment',
    command: () => ({ type: 'approve', deployment: '0mk0000000-old' as DeploymentId, build }),
    because: /^you saw build1 in 0mk0000000-old; waiting for approval is 1\.1\.0/,
  },
])(
  'a click on a message about $what is refused, and that message is shown as it stands',
  async ({ command, because }) => {
    const word = command();
    const input = await give('Ada', word);
    expect(seen(input)).toMatchObject({ outcome: 'ignored' });
    expect(seen(input)?.told).toMatch(because);
    expect(changes()).toEqual('deployment' in word ? [word.deployment] : []);
  },
);

test('a token’s refused word brings no message up to date: it was not clicked on one', async () => {
  await give('cron', approve(), { isPerson: false });
  expect(changes()).toEqual([]);
});

test('who breaks the glass is marked', async () => {
  await give('Root', approve());
  expect(world.lanes.records.get(deployment)).toMatchObject({ approvedBy: 'Root', brokeGlass: true });
});

describe('while Slack cannot say who somebody is', () => {
  beforeEach(() => {
    world.slackIsDown = true;
  });

  test('the word waits, is not judged, and counts when Slack is back', async () => {
    const input = await give('Ada', approve());
    expect(world.received.at(-1)).toMatchObject({ decision: 'later', input: input.id });
    expect(seen(input)).toBeUndefined();
    expect(world.lane?.active?.stage).toBe('awaiting-approval');
    world.slackIsDown = false;
    await new Life(world).progress();
    expect(seen(input)).toMatchObject({ outcome: 'applied' });
    expect(answersTo(input)).toHaveLength(1);
  });

  test('it waits for as long as that takes, a minute at most each time', async () => {
    const input = await give('Ada', { type: 'hold', reason: 'a freeze' });
    for (let minute = 0; minute < 8; minute += 1) {
      world.now += 60_000;
      for (let received = 0; received < 4; received += 1) await world.deliver();
    }
    expect(seen(input)).toBeUndefined();
    world.slackIsDown = false;
    world.now += 60_000;
    for (let received = 0; received < 4; received += 1) await world.deliver();
    expect(seen(input)).toMatchObject({ outcome: 'applied' });
  });

  test('it is judged by what is so when it is used: the time to approve may be over', async () => {
    const input = await give('Ada', approve());
    world.now += 600_000;
    world.slackIsDown = false;
    while (seen(input) === undefined) await world.deliver();
    expect(seen(input)?.outcome).toBe('ignored');
    expect(world.lanes.records.get(deployment)?.approvedBy).toBeNull();
  });

  test('a token is no person: its word counts', async () => {
    const input = await give('release-bot', approve(), { isPerson: false });
    expect(seen(input)).toMatchObject({ outcome: 'applied' });
  });
});

test('who left the group between the click and its use may not any more', async () => {
  const bob = called('Bob');
  const id = world.newInputId();
  const input: Input = { id, lane, type: 'command', by: actorOf(bob), command: approve(), replyTo };
  world.send(input, '', world.now);
  bob.inRelease = false;
  await world.deliver();
  expect(seen(input)).toMatchObject({ outcome: 'ignored', told: 'Bob is not among the approvers' });
});

test('a word about what was decided meanwhile is told what became of it, while it moves and after its end', async () => {
  await give('Ada', approve());
  const word = (): Command => ({ type: 'reject', deployment, build, reason: 'not on a Friday' });
  expect(seen(await give('Ada', word()))).toMatchObject({
    outcome: 'ignored',
    told: expect.stringMatching(/^Ada approved it already: 1\.1\.0 is being /),
  });
  await new Life(world).progress();
  await new Life(world).progress();
  expect(world.lanes.records.get(deployment)?.outcome).not.toBeNull();
  expect(seen(await give('Ada', word()))).toMatchObject({
    outcome: 'ignored',
    told: expect.stringMatching(/^1\.1\.0 has ended: /),
  });
});
