import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAnnouncer } from '../../infra/local/demo/announce.ts';
import { askService, type InputSeen } from '../../infra/local/demo/observe-service.ts';
import { readTables } from '../../infra/local/demo/observe-tables.ts';
import { makeBuild } from '../../infra/local/demo/sample-build.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import type { DeploymentRecord, Lane } from '../../shared/lane/lane.ts';
import { appOf, type LaneId, laneId } from '../../shared/lane/words.ts';
import { inputIdOf } from '../../shared/wire/ids.ts';
import { Answers, findNoCanary, plantInStack } from '../canaries.ts';
import { buildEvent, buildSource } from '../functions/events.ts';
import { eventually } from '../functions/eventually.ts';
import { randomFrom } from '../functions/random.ts';

const buildsOfALane = 200;
/** Printed where it fails: the same number gives the same order and the same duplicates. */
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

const apps: Record<string, string> = {
  'supersede-a': 'mode: swap, arrivals: supersede',
  'supersede-b': 'mode: swap, arrivals: supersede',
  observed: 'mode: observe, arrivals: supersede',
  queued: 'mode: stage, arrivals: { queue: 20 }',
  refusing: 'mode: swap, arrivals: refuse',
};
const lanes = Object.keys(apps).map((app) => laneId(app, 'production'));
const of = (app: string): LaneId => laneId(app, 'production');

const appsYaml = `apps:\n${Object.entries(apps)
  .map(
    ([app, policy]) => `  ${app}:
    environments:
      production: { ${policy}, site: { subscription: 00000000-0000-0000-0000-0000000000aa, resourceGroup: shop, name: ${app} },
        warmUp: { path: /health, statuses: [200], timesInARow: 1, every: 100ms, deadline: 20s }, watch: { for: 1s, every: 250ms } }`,
  )
  .join('\n')}\n`;

let stack: Stack;
const answers = new Answers();
const dataDir = mkdtempSync(join(tmpdir(), 'warmswap-thousand-'));

beforeAll(async () => {
  const appsFile = join(dataDir, 'apps.yaml');
  writeFileSync(appsFile, appsYaml);
  const siteTiming = { restartMs: 50, warmupMs: 50, switchMs: 20, settleMs: 50, publishMs: 20 };
  plantInStack(dataDir);
  stack = await startStack({ portBase: 0, dataDir, appsFile, inMemory: true, siteTiming });
});
afterAll(async () => {
  try {
    await findNoCanary({ ...stack.addresses, logDir: join(dataDir, 'logs'), answers });
  } finally {
    await stack.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});

interface Sent {
  lane: LaneId;
  version: string;
  number: number;
  input: string;
  event: ReturnType<typeof buildEvent>;
}

/** Two hundred builds of each lane; few packages, since what tells builds apart is version and commit. The newest is its own. */
async function makeEvents(): Promise<Sent[]> {
  const announcer = openAnnouncer(stack.addresses);
  const common = makeBuild('1.0.0');
  const commonUrl = await announcer.upload('common.zip', common.zip);
  const finished = Date.now() - buildsOfALane * 1_000;
  const sent: Sent[] = [];
  for (const lane of lanes) {
    for (let number = 1; number <= buildsOfALane; number += 1) {
      const version = `${appOf(lane)}-${number}`;
      const own = number === buildsOfALane ? makeBuild(version) : null;
      const url = own === null ? commonUrl : await announcer.upload(`${version}.zip`, own.zip);
      const { sha256 } = own ?? common;
      const facts = {
        id: version,
        app: appOf(lane),
        version,
        number,
        url,
        sha256,
        finishedAt: new Date(finished + number * 1_000),
      };
      sent.push({ lane, version, number, input: inputIdOf(lane, buildSource, version), event: buildEvent(facts) });
    }
  }
  await announcer.close();
  return sent;
}

/** Roughly in the order they were built, as builds arrive, and again and again: under the same message id and under another. */
function asTheyArrive(sent: Sent[], random: () => number): ServiceBusMessage[] {
  const messages = sent.flatMap(({ version, number, event }) => {
    const copies = [
      event.id,
      ...(random() < 0.15 ? [event.id] : []),
      ...(random() < 0.25 ? [`${event.id}-again`] : []),
    ];
    return copies.map((messageId, copy) => ({
      at: number + random() * 12 + copy * 5 * random(),
      message: { messageId, body: event, subject: version },
    }));
  });
  return messages.sort((a, b) => a.at - b.at).map(({ message }) => message);
}

async function sendAll(messages: ServiceBusMessage[]): Promise<void> {
  const client = new ServiceBusClient(stack.addresses.serviceBus);
  const sender = client.createSender('builds');
  for (let from = 0; from < messages.length; from += 50) await sender.sendMessages(messages.slice(from, from + 50));
  await client.close();
}

interface LaneOutcome {
  lane: Lane;
  rows: DeploymentRecord[];
}

async function outcomeOf(lane: LaneId): Promise<LaneOutcome> {
  const tables = readTables(stack.addresses.storage, lane);
  return { lane: await tables.lane(), rows: await tables.deployments() };
}

const atRest = ({ lane, rows }: LaneOutcome): boolean =>
  lane.active === null && lane.queue.length === 0 && rows.every(({ stage }) => stage === 'done');

test('of 1,000 builds with duplicates over five lanes each accepted one has its one row, the newest is live by policy, and the rest have their reasons', async () => {
  const sent = await makeEvents();
  expect(sent).toHaveLength(1_000);
  await sendAll(asTheyArrive(sent, randomFrom(seed)));

  const service = askService(stack.addresses.service, stack.addresses.token, (...heard) => answers.hear(...heard));
  // How many are decided is counted in the tables; what became of each is asked once, of the service.
  const decided = async (): Promise<number> => {
    const seen = await Promise.all(lanes.map((lane) => readTables(stack.addresses.storage, lane).inputs()));
    return seen.flat().length;
  };
  expect(await eventually(decided, (count) => count >= sent.length, 120_000, 2_000), `seed ${seed}`).toBe(sent.length);
  const told = new Map<string, InputSeen>();
  for (let from = 0; from < sent.length; from += 8)
    await Promise.all(sent.slice(from, from + 8).map(async ({ input }) => told.set(input, await service.input(input))));
  expect([...told.values()].filter(({ state }) => state === 'pending')).toEqual([]);

  const outcomes = new Map<LaneId, LaneOutcome>();
  for (const lane of lanes) outcomes.set(lane, await eventually(() => outcomeOf(lane), atRest, 60_000, 500));

  for (const [lane, { rows, lane: state }] of outcomes) {
    const own = sent.filter((each) => each.lane === lane);
    const about = `seed ${seed}, ${lane}`;
    expect([state.active, state.queue, state.hold], about).toEqual([null, [], null]);
    const accepted = own.filter(({ input }) => told.get(input)?.state === 'applied');
    // One row for each accepted build, and none besides.
    expect(rows.map(({ build }) => String(build.version)).sort(), about).toEqual(
      accepted.map(({ version }) => version).sort(),
    );
    for (const { version, input } of accepted) {
      const row = rows.find(({ id }) => id === told.get(input)?.deployment);
      expect(row?.build.version, about).toBe(version);
      expect(row?.outcome, `${about}: ${row?.why}`).toMatch(/^(live|superseded|observed|staged)$/);
      expect(row?.why, about).toMatch(/\w+ \w+/);
    }
    for (const { version, input } of own.filter((each) => !accepted.includes(each)))
      expect(told.get(input)?.because, about).toMatch(
        new RegExp(`^${version} is older than ${appOf(lane)}-\\d+; |^the lane is busy with ${appOf(lane)}-\\d+`),
      );
  }

  const rowsOf = (app: string): DeploymentRecord[] => outcomes.get(of(app))?.rows ?? [];
  const outcomesOf = (app: string): Set<string | null> => new Set(rowsOf(app).map(({ outcome }) => outcome));
  const newestOf = (app: string): string => `${app}-${Math.max(...rowsOf(app).map(({ build }) => build.number ?? 0))}`;
  const running = async (app: string): Promise<unknown> =>
    ((await (await fetch(`${stack.addresses.sites[of(app)]?.production}/version.json`)).json()) as { version: unknown })
      .version;
  const liveOf = (app: string) => outcomes.get(of(app))?.lane.live?.build?.version ?? null;

  for (const app of ['supersede-a', 'supersede-b']) {
    expect(liveOf(app)).toBe(`${app}-${buildsOfALane}`);
    expect(await running(app)).toBe(`${app}-${buildsOfALane}`);
    expect(rowsOf(app).find(({ build }) => build.number === buildsOfALane)?.outcome).toBe('live');
    expect([...outcomesOf(app)].sort()).toEqual(['live', 'superseded']);
  }
  expect(rowsOf('observed')).toHaveLength(buildsOfALane);
  expect([...outcomesOf('observed')]).toEqual(['observed']);
  expect(await running('observed')).toBe('0.9.0');
  expect(rowsOf('queued').length).toBeGreaterThanOrEqual(20);
  expect([...outcomesOf('queued')]).toEqual(['staged']);
  expect(await running('queued')).toBe('0.9.0');
  expect([...outcomesOf('refusing')]).toEqual(['live']);
  expect(liveOf('refusing')).toBe(newestOf('refusing'));

  expect(await service.get('/api/v1/dead-letters')).toEqual({ deadLetters: [] });
  const client = new ServiceBusClient(stack.addresses.serviceBus);
  for (const queue of ['builds', 'packages', 'lanes']) {
    const receiver = client.createReceiver(queue, { subQueueType: 'deadLetter' });
    expect(await receiver.peekMessages(10)).toEqual([]);
  }
  await client.close();
}, 240_000);
