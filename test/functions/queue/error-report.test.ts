import type { InvocationContext } from '@azure/functions';
import { beforeEach, expect, test, vi } from 'vitest';
import { errorReports } from '../../../functions/queue/error-report.ts';
import { type Ports, Unavailable } from '../../../shared/ports.ts';
import { at } from '../../correlation/error-report.ts';
import { lane, World } from '../../use-cases/errors-world.ts';
import { errorEvent, report } from '../events.ts';

const given = vi.hoisted((): { ports: unknown } => ({ ports: null }));
vi.mock('../../../functions/queue/usable-ports.ts', () => ({ usablePorts: async () => given.ports }));

interface Later {
  body: unknown;
  id: string;
  at: Date | undefined;
}
let world: World;
let later: Later[];
/** The send that finds the bus down, counted from one; none: 0. */
let busIsDownAt: number;

beforeEach(() => {
  world = new World();
  later = [];
  busIsDownAt = 0;
  let made = 0;
  let sends = 0;
  given.ports = {
    ...world.ports,
    newId: () => {
      made += 1;
      return String(made);
    },
    errorReports: {
      send: async (body: object, id: string, due?: Date) => {
        sends += 1;
        if (sends === busIsDownAt) throw new Unavailable('Service Bus does not answer');
        later.push({ body, id, at: due });
      },
    },
  } satisfies Partial<Ports>;
});

const context = { log: () => undefined, error: () => undefined } as unknown as InvocationContext;
const inAMessage = (id: string, count: number) =>
  errorEvent(
    Array.from({ length: count }, (_, index) =>
      report({ app: 'storefront', occurredAt: '2026-03-01T11:50:00Z', message: `${id} ${index}` }),
    ),
    id,
  );
const batch = () => [
  inAMessage('m1', 3),
  JSON.stringify(inAMessage('m2', 4)),
  Buffer.from(JSON.stringify(inAMessage('m3', 5))),
];

async function counted(): Promise<number> {
  const deltas = await world.errors.deltas(lane, at('00:00:00'));
  return deltas.reduce((sum, { count }) => sum + count, 0);
}
/** What lies in the queue comes, as the runtime hands it over. */
async function redelivered(): Promise<void> {
  const messages = later.splice(0).map(({ body }) => body);
  await errorReports(messages, context);
}

test('while the tables are out, each message is due again later, under an id of its own; then all are counted, once', async () => {
  for (const outage of [1, 2]) {
    world.blow = { call: world.calls + 1, when: 'before', as: () => new Unavailable('the tables do not answer') };
    await (outage === 1 ? errorReports(batch(), context) : redelivered());
    expect(later).toHaveLength(3);
    expect(new Set(later.map(({ id }) => id)).size).toBe(3);
    for (const { at: due } of later) expect(due).toEqual(new Date(world.now.getTime() + 30_000));
    expect(await counted()).toBe(0);
  }
  await redelivered();
  expect(later).toEqual([]);
  expect(await counted()).toBe(12);
});

test('an outage that swallowed only the answer counts nothing twice', async () => {
  world.blow = { call: 1, when: 'after', as: () => new Unavailable('the answer was lost') };
  await errorReports(batch(), context);
  expect(await counted()).toBe(12);
  await redelivered();
  expect(await counted()).toBe(12);
});

test('where the bus is down as well the batch comes again whole, and what was sent already counts nothing twice', async () => {
  world.blow = { call: 1, when: 'before', as: () => new Unavailable('the tables do not answer') };
  busIsDownAt = 2;
  await expect(errorReports(batch(), context)).rejects.toThrow('Service Bus does not answer');
  expect(later).toHaveLength(1);
  await errorReports(batch(), context);
  expect(await counted()).toBe(12);
  await redelivered();
  expect(await counted()).toBe(12);
});

test('the tables say when they may be asked again, and are not asked before', async () => {
  const retryAt = at('12:07:00');
  world.blow = { call: 1, when: 'before', as: () => new Unavailable('busy', { retryAt }) };
  await errorReports(batch(), context);
  expect(later.map((each) => each.at)).toEqual([retryAt, retryAt, retryAt]);
});

test('anything else that goes wrong is thrown: the batch comes again', async () => {
  world.blow = { call: 1, when: 'before', as: () => new Error('out of memory') };
  await expect(errorReports(batch(), context)).rejects.toThrow('out of memory');
  expect(later).toEqual([]);
});
