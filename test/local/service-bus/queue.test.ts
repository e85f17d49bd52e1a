import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { expect, test } from 'vitest';
import { startWorld } from './world.ts';

const world = await startWorld({
  queues: {
    plain: {},
    settled: {},
    abandoned: { maxDeliveryCount: 3 },
    'dead/letters': {},
    locked: { lockSeconds: 30 },
    renewed: { lockSeconds: 30 },
    peeked: {},
    batched: {},
    deleting: {},
    closed: {},
    unsupported: {},
  },
  topics: {},
});
const { client, clock } = world;

test('a message arrives as it was sent', async () => {
  await client.createSender('plain').sendMessages({
    body: { text: 'héllo', n: 1 },
    messageId: 'm1',
    correlationId: 'c1',
    subject: 's',
    contentType: 'application/json',
    applicationProperties: { a: 1, b: 'two', c: true, d: 1.5 },
  });
  const receiver = client.createReceiver('plain');
  const message = await one(receiver.receiveMessages(1));
  expect(message).toMatchObject({
    body: { text: 'héllo', n: 1 },
    messageId: 'm1',
    correlationId: 'c1',
    subject: 's',
    contentType: 'application/json',
    applicationProperties: { a: 1, b: 'two', c: true, d: 1.5 },
    deliveryCount: 0,
    state: 'active',
  });
  expect(message.sequenceNumber?.toNumber()).toBe(1);
  expect(message.lockedUntilUtc?.getTime()).toBeGreaterThan(clock.now() + 55_000);
  await receiver.completeMessage(message);
});

test('a message without an id is given one, and can be settled', async () => {
  await client.createSender('plain').sendMessages([{ body: 'no id' }, { body: Buffer.from('bytes') }]);
  const receiver = client.createReceiver('plain');
  const messages = await receiver.receiveMessages(2);
  expect(messages.map((message) => message.messageId)).toEqual([
    expect.stringMatching(/^[0-9a-f]{32}$/),
    expect.stringMatching(/^[0-9a-f]{32}$/),
  ]);
  expect(messages[1]?.body).toEqual(Buffer.from('bytes'));
  for (const message of messages) await receiver.completeMessage(message);
});

test('a completed message is gone, an untouched one is not', async () => {
  await client.createSender('settled').sendMessages([{ body: 1 }, { body: 2 }]);
  const receiver = client.createReceiver('settled');
  const [first] = await receiver.receiveMessages(2);
  if (first) await receiver.completeMessage(first);
  expect((await client.createReceiver('settled').peekMessages(10)).map(({ body }) => body)).toEqual([2]);
});

test('an abandoned message comes back at once, in its place, changed as asked, until it has failed often enough', async () => {
  await client
    .createSender('abandoned')
    .sendMessages([{ body: 'first', applicationProperties: { kept: 7 } }, { body: 'second' }]);
  const receiver = client.createReceiver('abandoned');
  for (let count = 0; count < 3; count += 1) {
    const message = await one(receiver.receiveMessages(1));
    expect(message).toMatchObject({ body: 'first', deliveryCount: count });
    await receiver.abandonMessage(message, { [`try${count}`]: true });
  }
  expect(await one(receiver.receiveMessages(1))).toMatchObject({ body: 'second', deliveryCount: 0 });
  const dead = await one(deadLettersOf('abandoned').receiveMessages(1));
  expect(dead).toMatchObject({
    body: 'first',
    deadLetterReason: 'MaxDeliveryCountExceeded',
    deadLetterErrorDescription: 'Message could not be consumed after 3 delivery attempts.',
    applicationProperties: { kept: 7, try0: true, try1: true, try2: true },
  });
});

test('a dead-lettered message waits in the dead-letter queue with its reason; from there it can be completed', async () => {
  await client.createSender('dead/letters').sendMessages({ body: 'bad', messageId: 'bad-1' });
  const receiver = client.createReceiver('dead/letters');
  await receiver.deadLetterMessage(await one(receiver.receiveMessages(1)), {
    deadLetterReason: 'unreadable',
    deadLetterErrorDescription: 'no such app',
    hint: 'look here',
  });
  const letters = deadLettersOf('dead/letters');
  const dead = await one(letters.receiveMessages(1));
  expect(dead).toMatchObject({
    body: 'bad',
    messageId: 'bad-1',
    deadLetterReason: 'unreadable',
    deadLetterErrorDescription: 'no such app',
    deadLetterSource: 'dead/letters',
    applicationProperties: { hint: 'look here' },
  });
  await letters.completeMessage(dead);
  expect(await letters.peekMessages(5)).toEqual([]);
});

test('a lock that runs out gives the message back, counts, and settles nothing any more', async () => {
  await client.createSender('locked').sendMessages({ body: 'slow' });
  const slow = client.createReceiver('locked', { maxAutoLockRenewalDurationInMs: 0 });
  const stale = await one(slow.receiveMessages(1));
  clock.advance(30_000);
  await expect(slow.completeMessage(stale)).rejects.toMatchObject({ code: 'MessageLockLost' });
  await expect(slow.renewMessageLock(stale)).rejects.toMatchObject({ code: 'MessageLockLost' });
  const again = await one(client.createReceiver('locked').receiveMessages(1));
  expect(again).toMatchObject({ body: 'slow', deliveryCount: 1 });
});

test('a renewed lock holds', async () => {
  await client.createSender('renewed').sendMessages({ body: 'long' });
  const receiver = client.createReceiver('renewed', { maxAutoLockRenewalDurationInMs: 0 });
  const message = await one(receiver.receiveMessages(1));
  clock.advance(20_000);
  const until = await receiver.renewMessageLock(message);
  expect(until.getTime()).toBeGreaterThan(clock.now() + 29_000);
  clock.advance(20_000);
  await receiver.completeMessage(message);
  expect(await receiver.peekMessages(5)).toEqual([]);
});

test('peeking shows what is there, in order and from any number on, without taking it', async () => {
  const sender = client.createSender('peeked');
  await sender.sendMessages([0, 1, 2, 3, 4].map((body) => ({ body })));
  await sender.scheduleMessages({ body: 'later' }, new Date(clock.now() + 60_000));
  const receiver = client.createReceiver('peeked');
  const locked = await one(receiver.receiveMessages(1));
  const first = await receiver.peekMessages(3);
  expect(first.map(({ body }) => body)).toEqual([0, 1, 2]);
  const rest = await receiver.peekMessages(10);
  expect(rest.map(({ body, state }) => [body, state])).toEqual([
    [3, 'active'],
    [4, 'active'],
    ['later', 'scheduled'],
  ]);
  const third = first[2]?.sequenceNumber;
  if (third) expect((await receiver.peekMessages(1, { fromSequenceNumber: third }))[0]?.body).toBe(2);
  await receiver.completeMessage(locked);
});

test('a batch is taken whole', async () => {
  const sender = client.createSender('batched');
  const batch = await sender.createMessageBatch();
  expect(batch.maxSizeInBytes).toBe(262_144);
  for (let n = 0; n < 100; n += 1) expect(batch.tryAddMessage({ body: { n }, messageId: `b${n}` })).toBe(true);
  await sender.sendMessages(batch);
  const messages = await client.createReceiver('batched').receiveMessages(100);
  expect(messages.map(({ body }) => body.n)).toEqual(Array.from({ length: 100 }, (_, n) => n));
});

test('a message beyond the size limit is refused with MessageSizeExceeded', async () => {
  const sender = client.createSender('batched');
  await expect(sender.sendMessages({ body: Buffer.alloc(300_000) })).rejects.toMatchObject({
    code: 'MessageSizeExceeded',
  });
  await sender.sendMessages({ body: Buffer.alloc(200_000, 1), messageId: 'large' });
  expect((await one(client.createReceiver('batched').receiveMessages(1))).body).toHaveLength(200_000);
});

test('receive-and-delete takes without a lock', async () => {
  await client.createSender('deleting').sendMessages([{ body: 1 }, { body: 2 }]);
  const receiver = client.createReceiver('deleting', { receiveMode: 'receiveAndDelete' });
  const taken = await receiver.receiveMessages(2, { maxWaitTimeInMs: 500 });
  expect(taken.map(({ body }) => body)).toEqual([1, 2]);
  expect(await receiver.peekMessages(1)).toEqual([]);
});

test('a message is settled after its receiver was closed', async () => {
  await client.createSender('closed').sendMessages([{ body: 1 }, { body: 2 }, { body: 3 }]);
  const receiver = client.createReceiver('closed');
  const [first, second, third] = await receiver.receiveMessages(3);
  await receiver.close();
  if (!first || !second || !third) throw new Error('three messages were sent');
  // The client refuses on a receiver that is closed itself; through another one it settles by a request.
  const other = client.createReceiver('closed');
  await other.completeMessage(first);
  await expect(other.completeMessage(first)).rejects.toMatchObject({ code: 'MessageLockLost' });
  await other.abandonMessage(second);
  await other.deadLetterMessage(third, { deadLetterReason: 'late', deadLetterErrorDescription: 'receiver closed' });
  const left = await client.createReceiver('closed').peekMessages(5);
  expect(left.map(({ body, deliveryCount }) => [body, deliveryCount])).toEqual([[2, 1]]);
  expect(await one(deadLettersOf('closed').receiveMessages(1))).toMatchObject({ body: 3, deadLetterReason: 'late' });
});

test('deferring is refused with a clear error, and the message stays', async () => {
  await client.createSender('unsupported').sendMessages({ body: 1 });
  const receiver = client.createReceiver('unsupported');
  const message = await one(receiver.receiveMessages(1));
  await expect(receiver.deferMessage(message)).rejects.toThrow('does not support deferring messages');
  expect((await receiver.peekMessages(1))[0]).toMatchObject({ body: 1, state: 'active' });
});

function deadLettersOf(queue: string) {
  return client.createReceiver(queue, { subQueueType: 'deadLetter' });
}

async function one(receiving: Promise<ServiceBusReceivedMessage[]>): Promise<ServiceBusReceivedMessage> {
  const [message] = await receiving;
  if (message === undefined) throw new Error('no message came');
  return message;
}
