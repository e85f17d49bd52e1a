import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { expect, test } from 'vitest';
import { soon, startWorld } from './world.ts';

const world = await startWorld({
  queues: {
    scheduled: {},
    annotated: {},
    cancelled: {},
    'session-scheduled': { requiresSession: true },
    unique: { duplicateDetectionWindowSeconds: 600 },
    'unique-scheduled': { duplicateDetectionWindowSeconds: 600 },
    dropping: { timeToLiveSeconds: 60 },
    keeping: { timeToLiveSeconds: 60, deadLetterOnExpiry: true },
    waiting: { deadLetterOnExpiry: true },
  },
  topics: {
    events: {
      duplicateDetectionWindowSeconds: 600,
      subscriptions: { one: {}, two: { requiresSession: true, maxDeliveryCount: 1 }, three: { timeToLiveSeconds: 60 } },
    },
  },
});
const { client, clock } = world;

test('a scheduled message is there when it is due, and not before', async () => {
  const due = new Date(clock.now() + 60_000);
  const [number] = await client.createSender('scheduled').scheduleMessages({ body: 'later' }, due);
  const receiver = client.createReceiver('scheduled');
  expect(await receiver.receiveMessages(1, soon)).toEqual([]);
  const receiving = receiver.receiveMessages(1, { maxWaitTimeInMs: 5_000 });
  clock.advance(60_000);
  const [message] = await receiving;
  expect(message).toMatchObject({ body: 'later', sequenceNumber: number, scheduledEnqueueTimeUtc: due });
  expect(message?.enqueuedTimeUtc?.getTime()).toBeGreaterThanOrEqual(due.getTime());
});

test('a scheduled message comes in real time as well, a moment after it is due', async () => {
  const due = clock.now() + 400;
  await client.createSender('scheduled').scheduleMessages({ body: 'soon' }, new Date(due));
  const [message] = await client.createReceiver('scheduled').receiveMessages(1, { maxWaitTimeInMs: 20_000 });
  expect(message?.body).toBe('soon');
  expect(clock.now() - due).toBeGreaterThanOrEqual(0);
  expect(clock.now() - due).toBeLessThan(15_000);
});

test('the scheduled time may be a property of an ordinary message, also one of many', async () => {
  const sender = client.createSender('annotated');
  await sender.sendMessages([
    { body: 'now' },
    { body: 'later', scheduledEnqueueTimeUtc: new Date(clock.now() + 60_000) },
  ]);
  await sender.sendMessages({ body: 'past', scheduledEnqueueTimeUtc: new Date(clock.now() - 1) });
  const receiver = client.createReceiver('annotated');
  const received = await receiver.receiveMessages(3, soon);
  expect(received.map(({ body }) => body)).toEqual(['now', 'past']);
  for (const message of received) await receiver.completeMessage(message);
  clock.advance(60_000);
  expect((await receiver.receiveMessages(1))[0]?.body).toBe('later');
});

test('a message scheduled for a session wakes who waits for a session', async () => {
  const due = new Date(clock.now() + 2_000);
  await client.createSender('session-scheduled').scheduleMessages({ body: 'wake', sessionId: 'lane' }, due);
  const accepting = client.acceptNextSession('session-scheduled');
  await new Promise((resolve) => setTimeout(resolve, 200));
  clock.advance(2_000);
  const session = await accepting;
  expect(session.sessionId).toBe('lane');
  expect((await session.receiveMessages(1))[0]?.body).toBe('wake');
  await session.close();
});

test('a cancelled message never comes; what is not scheduled cannot be cancelled', async () => {
  const sender = client.createSender('cancelled');
  const due = new Date(clock.now() + 60_000);
  const numbers = await sender.scheduleMessages([{ body: 1 }, { body: 2 }], due);
  const [first] = numbers;
  if (first === undefined) throw new Error('two were scheduled');
  await sender.cancelScheduledMessages(first);
  await expect(sender.cancelScheduledMessages(first)).rejects.toMatchObject({ code: 'MessageNotFound' });
  clock.advance(60_000);
  const messages = await client.createReceiver('cancelled').receiveMessages(2, soon);
  expect(messages.map(({ body }) => body)).toEqual([2]);
});

test('a repeated id is dropped in silence while the window lasts, also after the first was completed', async () => {
  const sender = client.createSender('unique');
  const receiver = client.createReceiver('unique');
  await sender.sendMessages([
    { body: 1, messageId: 'x' },
    { body: 2, messageId: 'x' },
  ]);
  await sender.sendMessages({ body: 3, messageId: 'x' });
  const [message] = await received(1);
  if (message) await receiver.completeMessage(message);
  await sender.sendMessages([
    { body: 4, messageId: 'x' },
    { body: 5, messageId: 'y' },
  ]);
  expect((await received(2)).map(({ body }) => body)).toEqual([5]);
  clock.advance(601_000);
  await sender.sendMessages({ body: 6, messageId: 'x' });
  expect((await received(2)).map(({ body }) => body)).toContain(6);

  function received(count: number): Promise<ServiceBusReceivedMessage[]> {
    return receiver.receiveMessages(count, soon);
  }
});

test('a scheduled message counts for duplicate detection from when it was scheduled', async () => {
  const sender = client.createSender('unique-scheduled');
  const due = new Date(clock.now() + 60_000);
  await sender.scheduleMessages({ body: 'first', messageId: 'w' }, due);
  const [dropped] = await sender.scheduleMessages({ body: 'duplicate', messageId: 'w' }, due);
  await sender.sendMessages({ body: 'duplicate', messageId: 'w' });
  clock.advance(60_000);
  const receiver = client.createReceiver('unique-scheduled');
  const messages = await receiver.receiveMessages(3, soon);
  expect(messages.map(({ body }) => body)).toEqual(['first']);
  expect(dropped?.toNumber()).toBeGreaterThan(1);
});

test('a message at the end of its life is dropped, or dead-lettered where the queue says so', async () => {
  await client.createSender('dropping').sendMessages({ body: 'old' });
  await client.createSender('keeping').sendMessages([{ body: 'short', timeToLive: 1_000 }, { body: 'long' }]);
  clock.advance(2_000);
  expect(await peeked('keeping')).toEqual(['long']);
  expect(await peeked('dropping')).toEqual(['old']);
  clock.advance(60_000);
  expect([await peeked('keeping'), await peeked('dropping')]).toEqual([[], []]);
  const dead = client.createReceiver('keeping', { subQueueType: 'deadLetter' });
  const messages = await dead.receiveMessages(2);
  expect(messages.map(({ body, deadLetterReason }) => [body, deadLetterReason])).toEqual([
    ['short', 'TTLExpiredException'],
    ['long', 'TTLExpiredException'],
  ]);
  expect(await client.createReceiver('dropping', { subQueueType: 'deadLetter' }).peekMessages(1)).toEqual([]);
});

test('a locked message does not expire; one that comes back does', async () => {
  await client.createSender('waiting').sendMessages({ body: 1, timeToLive: 10_000 });
  const receiver = client.createReceiver('waiting');
  const [message] = await receiver.receiveMessages(1);
  clock.advance(20_000);
  expect(await peeked('waiting')).toEqual([1]);
  if (message) await receiver.abandonMessage(message);
  expect(await peeked('waiting')).toEqual([]);
});

test('each subscription gets its own copy, duplicates dropped by the topic', async () => {
  const sender = client.createSender('events');
  await sender.sendMessages([
    { body: 1, messageId: 'e1', sessionId: 'd' },
    { body: 2, messageId: 'e1', sessionId: 'd' },
  ]);
  const [first] = await client.createReceiver('events', 'one').receiveMessages(2, soon);
  expect(first).toMatchObject({ body: 1, messageId: 'e1' });
  const session = await client.acceptNextSession('events', 'two');
  const [second] = await session.receiveMessages(2, soon);
  expect(second).toMatchObject({ body: 1, sessionId: 'd' });
  if (second) await session.abandonMessage(second);
  await session.close();
  const dead = client.createReceiver('events', 'two', { subQueueType: 'deadLetter' });
  expect((await dead.receiveMessages(1))[0]).toMatchObject({
    body: 1,
    deadLetterReason: 'MaxDeliveryCountExceeded',
    deadLetterSource: 'events/Subscriptions/two',
  });
});

test('a message scheduled on a topic reaches the subscriptions when it is due, once, and can be cancelled', async () => {
  const sender = client.createSender('events');
  const due = new Date(clock.now() + 30_000);
  const numbers = await sender.scheduleMessages(
    [
      { body: 'a', messageId: 's1', sessionId: 'd' },
      { body: 'b', messageId: 's2', sessionId: 'd' },
      { body: 'c', messageId: 's1', sessionId: 'd' },
    ],
    due,
  );
  const receiver = client.createReceiver('events', 'one');
  expect(await receiver.receiveMessages(1, soon)).toEqual([]);
  if (numbers[1]) await sender.cancelScheduledMessages(numbers[1]);
  clock.advance(30_000);
  const messages = await receiver.receiveMessages(3, soon);
  expect(messages.map(({ body }) => body)).toEqual(['a']);
});

test('a subscription with sessions dead-letters what has none', async () => {
  await client.createSender('events').sendMessages({ body: 'no session', messageId: 'n1' });
  const dead = client.createReceiver('events', 'two', { subQueueType: 'deadLetter' });
  const messages = await dead.receiveMessages(5, soon);
  expect(messages.map(({ body, deadLetterReason }) => [body, deadLetterReason])).toContainEqual([
    'no session',
    'Session ID is null.',
  ]);
});

test('a subscription has its own end of life', async () => {
  await client.createSender('events').sendMessages({ body: 'brief', messageId: 'b1' });
  clock.advance(61_000);
  expect(await client.createReceiver('events', 'three').peekMessages(10)).toEqual([]);
});

async function peeked(queue: string): Promise<unknown[]> {
  return (await client.createReceiver(queue).peekMessages(10)).map(({ body }) => body);
}
