import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeHosts, eventually, startHost } from './fixture-app.ts';
import { type Broker, startBroker } from './fixture-broker.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker({
    queues: {
      batch: {},
      'batch-fails': { maxDeliveryCount: 2 },
      'batch-minimum': {},
      lanes: { requiresSession: true },
      'lanes-fail': { requiresSession: true, maxDeliveryCount: 2 },
      'lanes-unrenewed': { requiresSession: true },
      'lanes-slow': { requiresSession: true, lockSeconds: 2 },
      'restart-single': {},
      'restart-batch': {},
      'restart-lanes': { requiresSession: true },
    },
    topics: { events: { subscriptions: { sessions: { requiresSession: true } } } },
  });
});
afterAll(async () => {
  await closeHosts();
  await broker.close();
});

const tell = (fields: string): string => `context.log(JSON.stringify({ ${fields} }));`;
const queue = (queueName: string, options: string, body: string): string =>
  `app.serviceBusQueue('${queueName}', { connection: 'Bus', queueName: '${queueName}', ${options} handler: async (message, context) => { ${body} } });`;
const serviceBus = (options: object): object => ({ extensions: { serviceBus: options } });

describe('batches', () => {
  test('what waits comes in batches of at most maxMessageBatchSize, one batch at a time, each message once', async () => {
    await broker.send(
      'batch',
      Array.from({ length: 50 }, (_, n) => ({ body: { n }, messageId: `${n}`, ...(n % 2 ? { subject: 's' } : {}) })),
    );
    const host = await startHost(
      `let running = 0; ${queue(
        'batch',
        `cardinality: 'many',`,
        `running += 1; ${tell('running, ns: message.map((m) => m.n), meta: context.triggerMetadata')} await new Promise((r) => setTimeout(r, 20)); running -= 1;`,
      )}`,
      serviceBus({ maxMessageBatchSize: 20 }),
      { env: broker.env },
    );
    const said = await eventually(() => host.said().flatMap((one) => one.ns).length === 50 && host.said());
    expect(said.flatMap((one) => one.ns as number[]).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, n) => n),
    );
    expect(said.map((one) => one.running)).toEqual(said.map(() => 1));
    expect(Math.max(...said.map((one) => (one.ns as number[]).length))).toBe(20);
    const meta = said[0]?.meta as Record<string, unknown[]>;
    expect(meta.messageIdArray?.slice(0, 3)).toEqual([0, 1, 2]);
    // Text lists lose their empty entries.
    expect(meta.subjectArray).toHaveLength(10);
    expect(meta.sequenceNumberArray?.[0]).toMatchObject({ low: expect.any(Number), high: 0 });
    await host.close();
    expect(await broker.count('batch')).toBe(0);
  });

  test('a throw abandons the whole batch', async () => {
    await broker.send(
      'batch-fails',
      [1, 2, 3].map((n) => ({ body: { n } })),
    );
    const host = await startHost(
      queue('batch-fails', `cardinality: 'many',`, `throw new Error('no');`),
      {},
      { env: broker.env },
    );
    await eventually(() => host.lines.filter((line) => line.level === 'error').length >= 2);
    await host.close();
    expect(await broker.count('batch-fails')).toBe(0);
    expect(await broker.count('batch-fails', true)).toBe(3);
  });

  test.each([
    { what: 'it waits for it', waits: '00:02:00', sent: [1, 2, 3] },
    { what: 'it waits at most maxBatchWaitTime', waits: '00:00:01', sent: [4] },
  ])('with a minimum $what', async ({ waits, sent }) => {
    const host = await startHost(
      queue('batch-minimum', `cardinality: 'many',`, tell('count: message.length')),
      serviceBus({ minMessageBatchSize: 3, maxBatchWaitTime: waits }),
      { env: broker.env },
    );
    for (const n of sent) {
      await broker.send('batch-minimum', { body: { n } });
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await eventually(() => host.said().length > 0);
    expect(host.said()).toEqual([{ count: sent.length }]);
    await host.close();
  });
});

describe('sessions', () => {
  test('one message of a session at a time and in order, many sessions side by side', async () => {
    const messages = Array.from({ length: 120 }, (_, n) => ({
      body: { n, lane: `lane-${n % 12}` },
      sessionId: `lane-${n % 12}`,
    }));
    await broker.send('lanes', messages);
    // Nobody goes on before eight are in; a ninth then has time to come.
    const host = await startHost(
      `const busy = new Set(); let most = 0; let letOn; const eightAreIn = new Promise((resolve) => { letOn = resolve; }); ${queue(
        'lanes',
        'isSessionsEnabled: true,',
        `if (busy.has(message.lane)) ${tell('twice: message.lane')}
        busy.add(message.lane); most = Math.max(most, busy.size);
        if (busy.size === 8) letOn();
        await eightAreIn;
        await new Promise((r) => setTimeout(r, 10));
        busy.delete(message.lane);
        ${tell('lane: message.lane, n: message.n, most, session: context.triggerMetadata.sessionId')}`,
      )}`,
      serviceBus({ maxConcurrentSessions: 8, sessionIdleTimeout: '00:00:00.2' }),
      { env: broker.env },
    );
    const said = await eventually(() => host.said().length >= 120 && host.said(), 25_000);
    expect(said.filter((one) => one.twice)).toEqual([]);
    expect(Math.max(...said.map((one) => Number(one.most)))).toBe(8);
    for (let lane = 0; lane < 12; lane += 1) {
      const own = said.filter((one) => one.lane === `lane-${lane}`);
      expect(own.map((one) => one.n)).toEqual(Array.from({ length: 10 }, (_, index) => lane + index * 12));
      expect(own[0]?.session).toBe(`lane-${lane}`);
    }
    // A session that begins while the host is idle is taken at once, also one that was held before.
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (const lane of ['lane-3', 'fresh']) {
      const started = performance.now();
      await broker.send('lanes', { body: { lane, n: 999 }, sessionId: lane });
      await eventually(() => host.said().some((one) => one.lane === lane && one.n === 999));
      expect(performance.now() - started).toBeLessThan(15_000);
    }
    await host.close();
    expect(await broker.count('lanes')).toBe(0);
  });

  test('a throw brings the message again before the next of its session', async () => {
    const host = await startHost(
      queue(
        'lanes-fail',
        'isSessionsEnabled: true,',
        `${tell('n: message.n')} if (message.n === 1) throw new Error('no');`,
      ),
      serviceBus({ sessionIdleTimeout: '00:00:00.2' }),
      { env: broker.env },
    );
    await broker.send(
      'lanes-fail',
      [1, 2].map((n) => ({ body: { n }, sessionId: 'a' })),
    );
    await eventually(() => host.said().length === 3);
    expect(host.said().map((one) => one.n)).toEqual([1, 1, 2]);
    await host.close();
    expect(await broker.count('lanes-fail', true)).toBe(1);
  });

  test('a subscription with sessions, in batches', async () => {
    const host = await startHost(
      `app.serviceBusTopic('events', { connection: 'Bus', topicName: 'events', subscriptionName: 'sessions', isSessionsEnabled: true,
        cardinality: 'many', handler: async (messages, context) => { ${tell('ns: messages.map((m) => m.n)')} } });`,
      serviceBus({ sessionIdleTimeout: '00:00:00.1' }),
      { env: broker.env },
    );
    await broker.send(
      'events',
      [1, 2, 3].map((n) => ({ body: { n }, sessionId: 'a' })),
    );
    await broker.send(
      'events',
      [4, 5].map((n) => ({ body: { n }, sessionId: 'b' })),
    );
    await eventually(() => host.said().flatMap((one) => one.ns).length === 5);
    expect(host.said().flatMap((one) => one.ns)).toEqual(expect.arrayContaining([1, 2, 3, 4, 5]));
    await host.close();
  });

  test('with renewal switched off sessions are still handled', async () => {
    const host = await startHost(
      queue('lanes-unrenewed', 'isSessionsEnabled: true,', tell('n: message.n')),
      serviceBus({ maxAutoLockRenewalDuration: '00:00:00', sessionIdleTimeout: '00:00:00.1' }),
      { env: broker.env },
    );
    await broker.send(
      'lanes-unrenewed',
      [1, 2, 3].map((n) => ({ body: { n }, sessionId: 'a' })),
    );
    await eventually(() => host.said().length === 3);
    await host.close();
    expect(await broker.count('lanes-unrenewed')).toBe(0);
  });

  test("a session's lock is renewed while its function runs", async () => {
    const host = await startHost(
      queue(
        'lanes-slow',
        'isSessionsEnabled: true,',
        `${tell('began: 1')} await new Promise((r) => setTimeout(r, 4500)); ${tell('done: 1')}`,
      ),
      serviceBus({ sessionIdleTimeout: '00:00:00.2' }),
      { env: broker.env },
    );
    await broker.send('lanes-slow', { body: 'x', sessionId: 'a' });
    await eventually(() => host.said().some((one) => one.done), 25_000);
    await host.close();
    expect(host.said()).toEqual([{ began: 1 }, { done: 1 }]);
    expect(await broker.count('lanes-slow')).toBe(0);
  });
});

test('an entity that does not exist is told once, and the other functions run', async () => {
  const host = await startHost(
    queue('no-such-queue', '', tell('never: 1')) +
      queue('no-such-batch', `cardinality: 'many',`, tell('never: 1')) +
      queue('no-such-lanes', 'isSessionsEnabled: true,', tell('never: 1')) +
      queue('restart-single', '', tell('ran: 1')),
    {},
    { env: broker.env },
  );
  const told = (): string[] => host.lines.filter((line) => line.level === 'warning').map((line) => line.message);
  await broker.send('restart-single', { body: 'x' });
  await eventually(() => told().length >= 3 && host.said().length === 1);
  await new Promise((resolve) => setTimeout(resolve, 600));
  for (const name of ['no-such-queue', 'no-such-batch', 'no-such-lanes']) {
    expect(told().filter((text) => text.startsWith(name) && text.includes('could not be found'))).toHaveLength(1);
  }
  await host.close();
});

test('after the broker was away, every kind of listener goes on by itself', async () => {
  const host = await startHost(
    queue('restart-single', '', tell('from: "single", n: message.n')) +
      queue('restart-batch', `cardinality: 'many',`, tell('from: "batch", n: message[0].n')) +
      queue('restart-lanes', 'isSessionsEnabled: true,', tell('from: "lanes", n: message.n')),
    serviceBus({ sessionIdleTimeout: '00:00:00.2' }),
    { env: broker.env },
  );
  const sendAll = async (n: number): Promise<void> => {
    await broker.send('restart-single', { body: { n } });
    await broker.send('restart-batch', { body: { n } });
    await broker.send('restart-lanes', { body: { n }, sessionId: `s${n}` });
  };
  const got = (n: number): unknown[] =>
    host
      .said()
      .filter((one) => one.n === n)
      .map((one) => one.from)
      .toSorted();
  await sendAll(1);
  await eventually(() => got(1).length === 3);
  await broker.restart(300);
  await sendAll(2);
  await eventually(() => got(2).length === 3, 12_000);
  expect(got(2)).toEqual(['batch', 'lanes', 'single']);
  await host.close();
});
