import { expect, test } from 'vitest';
import { startServiceBus } from '../../../infra/local/service-bus/service-bus.ts';
import { soon, startWorld } from './world.ts';

const world = await startWorld({
  queues: {
    kept: { duplicateDetectionWindowSeconds: 600 },
    counted: { maxDeliveryCount: 2 },
    sessions: { requiresSession: true },
    live: {},
    changed: {},
  },
  topics: { topic: { duplicateDetectionWindowSeconds: 600, subscriptions: { sub: {} } } },
});
const { client, clock } = world;

test('what was sent, scheduled, settled and seen is known after a restart', async () => {
  const sender = client.createSender('kept');
  const receiver = client.createReceiver('kept');
  await sender.sendMessages(
    [1, 2, 3, 4].map((body) => ({ body, messageId: `m${body}`, applicationProperties: { body } })),
  );
  const [first, second] = await receiver.receiveMessages(2);
  if (first) await receiver.completeMessage(first);
  if (second)
    await receiver.deadLetterMessage(second, { deadLetterReason: 'why', deadLetterErrorDescription: 'because' });
  const due = new Date(clock.now() + 60_000);
  const [cancelled, soonDue] = await sender.scheduleMessages([{ body: 'cancelled' }, { body: 'due' }], due);
  if (cancelled) await sender.cancelScheduledMessages(cancelled);
  await sender.scheduleMessages({ body: 'due while away' }, new Date(clock.now() + 1_000));
  await client.createSender('topic').scheduleMessages({ body: 'from topic', messageId: 't' }, due);

  await restartAfter(2_000);

  const again = world.another();
  const peeked = await again.createReceiver('kept').peekMessages(10);
  expect(peeked.map(({ body, state }) => [body, state])).toEqual([
    [3, 'active'],
    [4, 'active'],
    ['due', 'scheduled'],
    ['due while away', 'active'],
  ]);
  expect(peeked[0]).toMatchObject({ messageId: 'm3', applicationProperties: { body: 3 } });
  expect(peeked[2]?.sequenceNumber).toEqual(soonDue);
  await again.createSender('kept').sendMessages([
    { body: 'duplicate', messageId: 'm1' },
    { body: 5, messageId: 'm5' },
  ]);
  await again.createSender('topic').sendMessages({ body: 'duplicate', messageId: 't' });
  clock.advance(60_000);
  const received = await again.createReceiver('kept').receiveMessages(10, soon);
  expect(received.map(({ body }) => body)).toEqual([3, 4, 'due while away', 5, 'due']);
  const [dead] = await again.createReceiver('kept', { subQueueType: 'deadLetter' }).receiveMessages(2, soon);
  expect(dead).toMatchObject({ body: 2, deadLetterReason: 'why', deadLetterErrorDescription: 'because' });
  const published = await again.createReceiver('topic', 'sub').receiveMessages(2, soon);
  expect(published.map(({ body }) => body)).toEqual(['from topic']);
});

test('a delivery that was open counts as failed, so that a message which takes everything down reaches its limit', async () => {
  await client.createSender('counted').sendMessages({ body: 'poison' });
  for (const count of [0, 1]) {
    const [message] = await world.another().createReceiver('counted').receiveMessages(1);
    expect(message?.deliveryCount).toBe(count);
    await world.restart();
  }
  const dead = world.another().createReceiver('counted', { subQueueType: 'deadLetter' });
  expect((await dead.receiveMessages(1))[0]).toMatchObject({ deadLetterReason: 'MaxDeliveryCountExceeded' });
});

test('a session is free again, its messages uncounted and in order', async () => {
  await client.createSender('sessions').sendMessages([1, 2, 3].map((body) => ({ body, sessionId: 's' })));
  const before = await client.acceptNextSession('sessions');
  const [first] = await before.receiveMessages(2);
  if (first) await before.completeMessage(first);
  await world.restart();
  const after = await world.another().acceptNextSession('sessions');
  const messages = await after.receiveMessages(3, soon);
  expect(messages.map(({ body, deliveryCount }) => [body, deliveryCount])).toEqual([
    [2, 0],
    [3, 0],
  ]);
});

test('properties changed on abandoning are kept', async () => {
  await client.createSender('changed').sendMessages({ body: 1, applicationProperties: { old: 1 } });
  const receiver = world.another().createReceiver('changed');
  const [message] = await receiver.receiveMessages(1);
  if (message) await receiver.abandonMessage(message, { added: 'x' });
  await world.restart();
  const [kept] = await world.another().createReceiver('changed').peekMessages(1);
  expect(kept).toMatchObject({ deliveryCount: 1, applicationProperties: { old: 1, added: 'x' } });
});

test('a client that is subscribed goes on by itself', async () => {
  const live = world.another(undefined, {
    timeoutInMs: 2_000,
    maxRetries: 20,
    retryDelayInMs: 50,
    maxRetryDelayInMs: 200,
  });
  const seen: unknown[] = [];
  const receiver = live.createReceiver('live');
  receiver.subscribe({ processMessage: async ({ body }) => void seen.push(body), processError: async () => {} });
  const sender = live.createSender('live');
  await sender.sendMessages({ body: 'before' });
  await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['before']);
  const started = Date.now();
  await world.restart();
  expect(Date.now() - started).toBeLessThan(10_000);
  await sender.sendMessages({ body: 'after' });
  await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['before', 'after']);
});

test('a second broker on the same port is turned away before it touches the folder', async () => {
  await client.createSender('live').sendMessages({ body: 'before the second' });
  const port = Number(/:(\d+);/.exec(world.connectionString)?.[1]);
  await expect(startServiceBus({ ...world.config, port })).rejects.toMatchObject({ code: 'EADDRINUSE', port });
  await client.createSender('changed').sendMessages({ body: 'after the second' });
  await world.restart();
  const peeked = await world.another().createReceiver('changed').peekMessages(5);
  expect(peeked.map(({ body }) => body)).toContain('after the second');
});

async function restartAfter(ms: number): Promise<void> {
  clock.advance(ms);
  await world.restart();
}
