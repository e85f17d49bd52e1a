import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeHosts, eventually, startHost } from './fixture-app.ts';
import { type Broker, startBroker } from './fixture-broker.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker({
    queues: {
      plain: {},
      deep: {},
      failing: { maxDeliveryCount: 3 },
      mixed: { maxDeliveryCount: 1 },
      slow: { lockSeconds: 2 },
      parallel: {},
      ending: {},
      timeout: { maxDeliveryCount: 1 },
      manual: { lockSeconds: 1, maxDeliveryCount: 2 },
      off: {},
    },
    topics: { events: { subscriptions: { one: { maxDeliveryCount: 1 }, two: {} } } },
  });
});
afterAll(async () => {
  await closeHosts();
  await broker.close();
});

const queue = (name: string, body: string, queueName = name): string =>
  `app.serviceBusQueue('${name}', { connection: 'Bus', queueName: '${queueName}', handler: async (message, context) => { ${body} } });`;
const tell = (fields: string): string => `context.log(JSON.stringify({ ${fields} }));`;

describe('what a function is handed', () => {
  test('bodies and metadata as the runtime gives them, with its traps', async () => {
    const host = await startHost(
      queue('plain', tell('message, binary: Buffer.isBuffer(message), meta: context.triggerMetadata')),
      {},
      { env: broker.env },
    );
    const sent = [
      { body: { kind: 'object' }, messageId: 'id-1', subject: 's', applicationProperties: { Kind: 'x', Nested: 1 } },
      { body: Buffer.from('no json'), messageId: '12345', correlationId: 'true' },
      { body: '{"from":"the client wrote a text as JSON"}', messageId: 'id-3' },
      { body: Buffer.from('[1,2,3]'), messageId: 'id-4' },
      {
        body: { messageId: 'forged', DELIVERYCOUNT: 99, subject: null, correlationId: ['kept'], extra: { A: 1 } },
        messageId: 'id-5',
        subject: 'real',
        correlationId: 'c',
      },
      { body: Buffer.from('12345678901234567890'), messageId: 'id-6' },
    ];
    for (const message of sent) await broker.send('plain', message);
    const said = await eventually(() => host.said().length === sent.length && host.said());
    const byBody = (text: string): Record<string, unknown> | undefined =>
      said.find((one) => JSON.stringify(one.message).includes(text));
    expect(byBody('object')).toMatchObject({
      message: { kind: 'object' },
      meta: {
        messageId: 'id-1',
        subject: 's',
        label: 's',
        deliveryCount: 1,
        applicationProperties: { kind: 'x', nested: 1 },
        sequenceNumber: expect.any(Number),
        enqueuedTimeUtc: expect.stringMatching(/^\d{4}-/),
        lockToken: expect.any(String),
      },
    });
    expect(byBody('object')?.meta).not.toHaveProperty('correlationId');
    expect(byBody('no json')).toMatchObject({ message: 'no json', meta: { messageId: 12345, correlationId: true } });
    expect(byBody('from')).toMatchObject({ message: '{"from":"the client wrote a text as JSON"}', binary: false });
    expect(byBody('[1,2,3]')).toMatchObject({ message: [1, 2, 3], binary: false });
    expect(byBody('forged')).toMatchObject({
      meta: { messageId: 'forged', deliveryCount: 99, subject: 'real', correlationId: 'c', extra: { a: 1 } },
    });
    expect(said.find((one) => one.message === 12345678901234567000)).toBeDefined();
    expect(await broker.count('plain')).toBe(0);
    await host.close();
  });

  test('a body nested too deep for the host to read overwrites nothing, and is handed over as it is', async () => {
    const host = await startHost(
      queue('deep', tell('forged: context.triggerMetadata.forged ?? null, is: typeof message'), 'deep'),
      {},
      { env: broker.env },
    );
    const nested = (levels: number): Buffer =>
      Buffer.from(`{"forged":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`);
    for (const [at, levels] of [1, 10_000, 40_000].entries())
      await broker.send('deep', { body: nested(levels), messageId: `id-${at}` });
    const said = await eventually(() => host.said().length === 3 && host.said());
    expect(said).toEqual(
      expect.arrayContaining([
        { forged: { a: 1 }, is: 'object' },
        { forged: null, is: 'object' },
      ]),
    );
    expect(said.filter(({ forged }) => forged === null)).toHaveLength(2);
    expect(await broker.count('deep')).toBe(0);
    await host.close();
  });

  test('a run by hand', async () => {
    const host = await startHost(queue('byhand', tell('message'), 'plain'), {}, { env: broker.env });
    const answer = await fetch(`${host.service}/admin/functions/byhand`, {
      method: 'POST',
      body: JSON.stringify({ input: '{"a":1}' }),
    });
    expect(answer.status).toBe(202);
    await eventually(() => host.said().length === 1);
    expect(host.said()).toEqual([{ message: { a: 1 } }]);
    await host.close();
  });
});

describe('settlement', () => {
  test('a throw brings the message again with a higher count until it is dead-lettered, where another function gets it', async () => {
    const host = await startHost(
      queue('failing', `${tell('try: context.triggerMetadata.deliveryCount')} throw new Error('always');`) +
        queue(
          'dead',
          tell('dead: message, source: context.triggerMetadata.deadLetterSource ?? null'),
          'failing/$DeadLetterQueue',
        ),
      {},
      { env: broker.env },
    );
    await broker.send('failing', { body: { n: 1 } });
    await eventually(() => host.said().find((one) => one.dead));
    expect(host.said().map((one) => one.try ?? one.dead)).toEqual([1, 2, 3, { n: 1 }]);
    expect(await broker.count('failing', true)).toBe(0);
    await host.close();
  });

  test('two messages whose handlers end in the same tick each get their own outcome', async () => {
    const host = await startHost(
      `let release; const both = new Promise((resolve) => { release = resolve; }); let waiting = 0;
      ${queue(
        'mixed',
        `waiting += 1;
        if (waiting === 2) release();
        await both;
        if (message.n === 0) throw new Error('the first of two');`,
      )}`,
      {},
      { env: broker.env },
    );
    await broker.send('mixed', [{ body: { n: 0 } }, { body: { n: 1 } }]);
    await eventually(() => host.lines.some((line) => line.level === 'error'));
    await host.close();
    expect(await broker.count('mixed')).toBe(0);
    // Settled in one tick the client would have abandoned the second with the first.
    expect(await broker.count('mixed', true)).toBe(1);
  });

  test('a lock is renewed while the function runs', async () => {
    const host = await startHost(
      queue('slow', `${tell('began: true')} await new Promise((r) => setTimeout(r, 4500)); ${tell('done: true')}`),
      {},
      { env: broker.env },
    );
    await broker.send('slow', { body: 'x' });
    await eventually(() => host.said().some((one) => one.done), 25_000);
    await host.close();
    expect(host.said()).toEqual([{ began: true }, { done: true }]);
    expect(await broker.count('slow')).toBe(0);
  });

  test('without autoComplete nothing is settled on success', async () => {
    const host = await startHost(
      `app.serviceBusQueue('manual', { connection: 'Bus', queueName: 'manual', autoCompleteMessages: false, handler: async (m, context) => { ${tell('seen: true')} } });`,
      { extensions: { serviceBus: { maxAutoLockRenewalDuration: '00:00:00' } } },
      { env: broker.env },
    );
    await broker.send('manual', { body: 'x' });
    await eventually(() => host.said().length === 2, 25_000);
    await host.close();
  });

  test('a function over functionTimeout: its message is abandoned', async () => {
    const host = await startHost(
      queue('timeout', `await new Promise((r) => setTimeout(r, 1500));`),
      { functionTimeout: '00:00:00.2' },
      { env: broker.env },
    );
    await broker.send('timeout', { body: 'x' });
    await eventually(() => host.lines.some((line) => line.level === 'critical'));
    await host.close();
    expect(await broker.count('timeout', true)).toBe(1);
  });
});

test('at most maxConcurrentCalls run at a time, and that many do', async () => {
  const host = await startHost(
    `let running = 0, most = 0, done = 0, letOn; const fiveAreIn = new Promise((resolve) => { letOn = resolve; });
    ${queue('parallel', `running += 1; most = Math.max(most, running); if (running === 5) letOn(); await fiveAreIn; await new Promise((r) => setTimeout(r, 30)); running -= 1; done += 1; if (done === 40) ${tell('most')}`)}`,
    { extensions: { serviceBus: { maxConcurrentCalls: 5 } } },
    { env: broker.env },
  );
  await broker.send(
    'parallel',
    Array.from({ length: 40 }, (_, n) => ({ body: { n } })),
  );
  const [said] = await eventually(() => host.said().length > 0 && host.said());
  expect(said).toEqual({ most: 5 });
  await host.close();
});

test('subscriptions each get their own copy; a dead-letter queue of one can be listened to', async () => {
  const topic = (name: string, subscription: string, body: string): string =>
    `app.serviceBusTopic('${name}', { connection: '%WHICH%', topicName: 'events', subscriptionName: '${subscription}', handler: async (message, context) => { ${body} } });`;
  const host = await startHost(
    topic('one', 'one', `throw new Error('no');`) +
      topic('two', 'two', tell('two: message')) +
      topic('dead', 'one/$DeadLetterQueue', tell('dead: message')),
    {},
    { env: { ...broker.env, WHICH: 'Bus' } },
  );
  await broker.send('events', { body: { n: 1 } });
  await eventually(() => host.said().length === 2);
  expect(host.said()).toEqual(expect.arrayContaining([{ two: { n: 1 } }, { dead: { n: 1 } }]));
  await host.close();
});

test('a disabled function receives nothing', async () => {
  const host = await startHost(
    queue('off', tell('ran: true')),
    {},
    { env: { ...broker.env, 'AzureWebJobs.off.Disabled': 'true' } },
  );
  await broker.send('off', { body: 'x' });
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(host.said()).toEqual([]);
  expect(await broker.count('off')).toBe(1);
  await host.close();
});

test('closing waits for what runs, settles it, and leaves the rest in the queue', async () => {
  let letOn = (): void => undefined;
  Reflect.set(globalThis, 'mayEnd', new Promise<void>((resolve) => (letOn = resolve)));
  const host = await startHost(
    queue('ending', `${tell('began: message.n')} await globalThis.mayEnd; ${tell('ended: message.n')}`),
    { extensions: { serviceBus: { maxConcurrentCalls: 1 } } },
    { env: broker.env },
  );
  await broker.send(
    'ending',
    [1, 2, 3].map((n) => ({ body: { n } })),
  );
  await eventually(() => host.said().length === 1);
  let closed = false;
  const closing = host.close().then(() => {
    closed = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(closed).toBe(false);
  letOn();
  await closing;
  Reflect.deleteProperty(globalThis, 'mayEnd');
  const ended = host.said().filter((one) => one.ended).length;
  expect(host.said().filter((one) => one.began)).toHaveLength(ended);
  expect(ended).toBeLessThan(3);
  expect(await broker.count('ending')).toBe(3 - ended);
});
