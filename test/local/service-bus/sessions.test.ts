import type { ServiceBusSessionReceiver } from '@azure/service-bus';
import { expect, test } from 'vitest';
import { soon, startWorld } from './world.ts';

const queues = ['order', 'next', 'poll', 'timeout', 'holder', 'lost', 'renewed', 'returned', 'dead', 'rules', 'crowd'];
const world = await startWorld({
  queues: {
    ...Object.fromEntries(
      queues.map((name) => [name, { requiresSession: true, lockSeconds: 30, maxDeliveryCount: 2 }]),
    ),
    plain: {},
  },
  topics: {},
});
const { client, clock } = world;
const held = { maxAutoLockRenewalDurationInMs: 0 };

test('a session gives its messages in order, and only its own', async () => {
  await send('order', ['a', 1], ['b', 2], ['a', 3], ['a', 4]);
  const session = await client.acceptSession('order', 'a', held);
  expect(session.sessionId).toBe('a');
  expect(session.sessionLockedUntilUtc.getTime()).toBeGreaterThan(clock.now() + 25_000);
  expect(await bodies(session, 10)).toEqual([1, 3, 4]);
  await session.close();
});

test('the next session is one that has messages and no holder', async () => {
  await send('next', ['a', 1], ['b', 2]);
  const first = await client.acceptNextSession('next', held);
  const second = await client.acceptNextSession('next', held);
  expect([first.sessionId, second.sessionId].sort()).toEqual(['a', 'b']);
  await Promise.all([first.close(), second.close()]);
});

test('accepting the next session waits until there is one', async () => {
  const accepting = client.acceptNextSession('poll', held);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await send('poll', ['late', 1]);
  const session = await accepting;
  expect(session.sessionId).toBe('late');
  expect(await bodies(session, 1)).toEqual([1]);
  await session.close();
});

test('accepting the next session gives up in time, and takes nothing afterwards', async () => {
  const impatient = world.another(undefined, { timeoutInMs: 400, maxRetries: 0 });
  await expect(impatient.acceptNextSession('timeout', held)).rejects.toMatchObject({ code: 'ServiceTimeout' });
  await send('timeout', ['s', 1]);
  const session = await client.acceptNextSession('timeout', held);
  expect(await bodies(session, 1)).toEqual([1]);
  await session.close();
});

test('a session has one holder at a time', async () => {
  await send('holder', ['s', 1]);
  const holder = await client.acceptSession('holder', 's', held);
  await expect(world.another().acceptSession('holder', 's', held)).rejects.toMatchObject({
    code: 'SessionCannotBeLocked',
  });
  await holder.close();
  const next = await client.acceptSession('holder', 's', held);
  expect(await bodies(next, 1)).toEqual([1]);
  await next.close();
});

test('a session whose lock ran out is lost to its holder and free for others; the delivery counts as failed', async () => {
  await send('lost', ['s', 1]);
  const loser = await client.acceptSession('lost', 's', held);
  const [message] = await loser.receiveMessages(1);
  if (message === undefined) throw new Error('no message came');
  const errors: string[] = [];
  loser.subscribe({
    processMessage: async () => {},
    processError: async ({ error }) => void errors.push(error.message),
  });
  clock.advance(30_000);
  await expect.poll(() => errors).toEqual([expect.stringContaining('session lock was lost')]);
  await expect(loser.completeMessage(message)).rejects.toMatchObject({
    code: expect.stringMatching(/^(SessionLockLost|MessageLockLost)$/),
  });
  const winner = await client.acceptSession('lost', 's', held);
  const [again] = await winner.receiveMessages(1);
  expect(again).toMatchObject({ body: 1, deliveryCount: 1 });
  await winner.close();
});

test('a renewed session lock holds, and its messages with it', async () => {
  await send('renewed', ['s', 1]);
  const session = await client.acceptSession('renewed', 's', held);
  const [message] = await session.receiveMessages(1);
  clock.advance(20_000);
  const until = await session.renewSessionLock();
  expect(until.getTime()).toBeGreaterThan(clock.now() + 29_000);
  clock.advance(20_000);
  if (message) await session.completeMessage(message);
  expect(await session.peekMessages(1)).toEqual([]);
  await session.close();
});

test('closing a session returns its unsettled messages uncounted; abandoning counts', async () => {
  await send('returned', ['s', 1]);
  const first = await client.acceptSession('returned', 's', held);
  expect(await first.receiveMessages(1)).toHaveLength(1);
  await first.close();
  const second = await client.acceptSession('returned', 's', held);
  const [message] = await second.receiveMessages(1);
  expect(message?.deliveryCount).toBe(0);
  if (message) await second.abandonMessage(message);
  const [again] = await second.receiveMessages(1);
  expect(again?.deliveryCount).toBe(1);
  await second.close();
});

test('dead letters of a session queue need no session', async () => {
  await send('dead', ['s', 1]);
  const session = await client.acceptSession('dead', 's', held);
  const [message] = await session.receiveMessages(1);
  if (message)
    await session.deadLetterMessage(message, {
      deadLetterReason: 'unreadable',
      deadLetterErrorDescription: 'not JSON',
    });
  await session.close();
  const [dead] = await client.createReceiver('dead', { subQueueType: 'deadLetter' }).receiveMessages(1);
  expect(dead).toMatchObject({ body: 1, sessionId: 's', deadLetterReason: 'unreadable' });
});

test('sessions are neither optional nor allowed where they do not belong', async () => {
  await expect(client.createSender('rules').sendMessages({ body: 1 })).rejects.toThrow('requires sessions');
  await expect(client.createReceiver('rules').receiveMessages(1, soon)).rejects.toThrow('requires sessions');
  await expect(client.acceptSession('plain', 's')).rejects.toMatchObject({ code: 'SessionCannotBeLocked' });
  const session = await client.acceptSession('rules', 'empty', held);
  await expect(session.getSessionState()).rejects.toThrow('does not support');
  await session.close();
});

test('many sessions with few holders: each message once, in order within its session', async () => {
  const names = Array.from({ length: 40 }, (_, n) => `s${n}`);
  const sender = client.createSender('crowd');
  for (const step of [1, 2, 3, 4, 5])
    await sender.sendMessages(names.map((sessionId) => ({ body: step, sessionId, messageId: `${sessionId}-${step}` })));
  const seen = new Map<string, number[]>();
  const work = async (): Promise<void> => {
    for (let left = 10; left > 0; left -= 1) {
      const session = await client.acceptNextSession('crowd', held);
      for (const message of await session.receiveMessages(5)) {
        seen.set(session.sessionId, [...(seen.get(session.sessionId) ?? []), message.body]);
        await session.completeMessage(message);
      }
      await session.close();
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(names.map((name) => [name, [1, 2, 3, 4, 5]])));
});

async function send(queue: string, ...messages: [string, number][]): Promise<void> {
  await client.createSender(queue).sendMessages(messages.map(([sessionId, body]) => ({ sessionId, body })));
}

async function bodies(session: ServiceBusSessionReceiver, count: number): Promise<unknown[]> {
  const messages = await session.receiveMessages(count, soon);
  for (const message of messages) await session.completeMessage(message);
  return messages.map(({ body }) => body);
}
