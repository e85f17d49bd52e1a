import { beforeEach, expect, test } from 'vitest';
import { noticeStore } from '../../shared/adapters/tables/notice-store.ts';
import type { DeploymentRecord } from '../../shared/lane/lane.ts';
import { emptyLane } from '../../shared/lane/lane.ts';
import { type DeploymentId, type LaneId, laneId } from '../../shared/lane/words.ts';
import { type Message, type Ports, Unavailable } from '../../shared/ports.ts';
import { type DigestFacts, digest } from '../../shared/use-cases/digest.ts';
import { aRecord } from '../builders/record.ts';
import { MemoryRows, memoryTable } from '../ports/memory-table.ts';
import { policyBy } from '../simulation/clicks-scenario.ts';
import { ClicksWorld } from '../simulation/clicks-world.ts';

const shop = laneId('shop', 'production');
const billing = laneId('billing', 'production');
const blog = laneId('blog', 'production');
const silent = laneId('silent', 'production');
const channels = new Map([
  [shop, '#shop'],
  [billing, '#money'],
  [blog, '#shop'],
]);
const lanes: LaneId[] = [shop, billing, blog, silent];

let now: Date;
let ports: Ports;
let posted: { channel: string; message: Message }[];
let facts: DigestFacts[];
let records: Map<LaneId, DeploymentRecord[]>;
/** What Slack says to each channel. */
let slack: (channel: string) => 'takes it' | 'is down' | 'refuses';

beforeEach(() => {
  now = new Date('2026-03-03T06:00:00Z');
  posted = [];
  facts = [];
  records = new Map();
  slack = () => 'takes it';
  const plain = policyBy(4);
  new ClicksWorld(plain, (some) => {
    ports = {
      ...some,
      now: () => now,
      apps: {
        lanes: () => lanes,
        policy: (lane) => {
          const channel = channels.get(lane);
          return channel === undefined ? plain : { ...plain, slack: { channel } };
        },
        defaultEnvironment: () => null,
      },
      lanes: {
        ...some.lanes,
        load: async (lane) => ({
          lane: emptyLane(lane),
          pending: [],
          etag: null,
          journal: { seq: 0, hash: '' },
          traces: {},
        }),
        deployments: async (lane) => records.get(lane) ?? [],
      },
      notices: noticeStore(memoryTable(new MemoryRows('Lanes'))),
      messenger: {
        post: async (channel, message) => {
          const does = slack(channel);
          if (does === 'is down') throw new Unavailable('Slack is down');
          if (does === 'refuses') return { posted: false, because: 'channel_not_found' };
          posted.push({ channel, message });
          return { posted: true, channel, ts: String(posted.length) };
        },
        update: async (channel, ts) => ({ posted: true, channel, ts }),
      },
    };
    return ports;
  });
});

const render = (given: DigestFacts): Message => {
  facts.push(given);
  return { text: given.lanes.map(({ lane }) => lane.id).join(' '), blocks: [] };
};
const told = (): string[] => posted.map(({ channel, message }) => `${channel}: ${message.text}`);

test('each channel hears of its own lanes, once a day', async () => {
  expect(await digest(ports, render)).toEqual({ posted: ['#shop', '#money'], left: [] });
  expect(told()).toEqual([`#shop: ${shop} ${blog}`, `#money: ${billing}`]);
});

test('however often the timer fires, a day is told once; the next day is told again', async () => {
  await digest(ports, render);
  now = new Date('2026-03-03T23:59:59Z');
  expect(await digest(ports, render)).toEqual({
    posted: [],
    left: [
      { channel: '#shop', because: 'told already' },
      { channel: '#money', because: 'told already' },
    ],
  });
  now = new Date('2026-03-04T06:00:00Z');
  expect(await digest(ports, render)).toMatchObject({ posted: ['#shop', '#money'] });
  expect(posted).toHaveLength(4);
});

test('it is about the day that ended at midnight, UTC', async () => {
  const stages = (...times: string[]): DeploymentRecord['stages'] =>
    times.map((at) => ({ stage: 'done', at: new Date(at) }));
  const record = (id: string, ...times: string[]): DeploymentRecord =>
    aRecord('done', { id: id as DeploymentId, stages: stages(...times) });
  records.set(shop, [
    record('at midnight', '2026-03-03T00:00:00Z'),
    record('just before', '2026-03-02T23:59:59.999Z'),
    record('over two days', '2026-03-01T23:00:00Z', '2026-03-02T00:00:00Z'),
    record('the day before', '2026-03-01T23:59:59Z'),
  ]);
  await digest(ports, render);
  expect(facts[0]?.day.toISOString()).toBe('2026-03-02T00:00:00.000Z');
  expect(facts[0]?.lanes[0]?.deployments.map(({ id }) => id)).toEqual(['just before', 'over two days']);
});

test('while Slack is down for one channel, what was told stays told, and the rest follows', async () => {
  slack = (channel) => (channel === '#money' ? 'is down' : 'takes it');
  await expect(digest(ports, render)).rejects.toBeInstanceOf(Unavailable);
  slack = () => 'takes it';
  expect(await digest(ports, render)).toEqual({
    posted: ['#money'],
    left: [{ channel: '#shop', because: 'told already' }],
  });
  expect(posted.map(({ channel }) => channel)).toEqual(['#shop', '#money']);
});

test('a channel that refuses keeps nobody else from hearing', async () => {
  slack = (channel) => (channel === '#shop' ? 'refuses' : 'takes it');
  expect(await digest(ports, render)).toEqual({
    posted: ['#money'],
    left: [{ channel: '#shop', because: 'channel_not_found' }],
  });
});

test('two timers at once may tell it twice, as a crash may; then it is noted', async () => {
  const both = await Promise.all([digest(ports, render), digest(ports, render)]);
  expect(both.flatMap(({ left }) => left)).toEqual([]);
  expect(await digest(ports, render)).toMatchObject({ posted: [] });
});

test('without Slack nothing is told, and nothing fails', async () => {
  expect(await digest({ ...ports, messenger: null }, render)).toEqual({ posted: [], left: [] });
});
