import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { expect, test } from 'vitest';
import { startWorld } from './world.ts';

/** So that the journal is rewritten many times under the load. */
const growthBytes = 50_000;
const world = await startWorld(
  { queues: { load: {}, drained: {}, shared: {}, mixed: { maxDeliveryCount: 1 }, growing: {} }, topics: {} },
  growthBytes,
);
const { client } = world;

test('2,000 messages, many at a time, each once', async () => {
  const sender = client.createSender('load');
  const seen = new Map<number, number>();
  const receiver = client.createReceiver('load');
  const subscription = receiver.subscribe(
    {
      processMessage: async ({ body }) => void seen.set(body, (seen.get(body) ?? 0) + 1),
      processError: async ({ error }) => void failures.push(error),
    },
    { maxConcurrentCalls: 32 },
  );
  const failures: unknown[] = [];
  const batches = Array.from({ length: 10 }, (_, batch) =>
    Array.from({ length: 100 }, (_, n) => ({ body: batch * 100 + n })),
  );
  const singles = Array.from({ length: 1_000 }, (_, n) => ({ body: 1_000 + n }));
  await Promise.all([...batches, ...singles].map((messages) => sender.sendMessages(messages)));
  await expect.poll(() => seen.size, { timeout: 15_000 }).toBe(2_000);
  await expect.poll(() => receiver.peekMessages(1), { timeout: 5_000 }).toEqual([]);
  await subscription.close();
  await receiver.close();
  expect([...seen.values()].every((times) => times === 1)).toBe(true);
  expect(failures).toEqual([]);
});

test('receive calls one after the other, while messages arrive, lose none and leave none behind', async () => {
  const sender = client.createSender('drained');
  const receiver = client.createReceiver('drained');
  let sending = true;
  const send = async (): Promise<void> => {
    for (let n = 0; n < 200; n += 1) {
      await sender.sendMessages({ body: n });
      if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    sending = false;
  };
  const seen: number[] = [];
  const receive = async (): Promise<void> => {
    for (;;) {
      const messages = await receiver.receiveMessages(7, { maxWaitTimeInMs: 20 });
      await Promise.all(messages.map((message) => receiver.completeMessage(message)));
      seen.push(...messages.map(({ body }) => body));
      if (!sending && messages.length === 0) return;
    }
  };
  await Promise.all([send(), receive()]);
  expect(seen.sort((one, other) => one - other)).toEqual(Array.from({ length: 200 }, (_, n) => n));
  expect(await receiver.peekMessages(1)).toEqual([]);
});

test('receivers on several connections share a queue', async () => {
  const receiving = [0, 1, 2, 3].map(() =>
    world.another().createReceiver('shared').receiveMessages(10, { maxWaitTimeInMs: 3_000 }),
  );
  await new Promise((resolve) => setTimeout(resolve, 500));
  await client.createSender('shared').sendMessages(Array.from({ length: 40 }, (_, body) => ({ body })));
  const taken = await Promise.all(receiving);
  expect(taken.map((messages) => messages.length)).toEqual([10, 10, 10, 10]);
  expect(new Set(taken.flat().map(({ body }) => body)).size).toBe(40);
});

test('neighbouring settlements of unlike kind each have their own effect', async () => {
  await client.createSender('mixed').sendMessages([{ body: 1 }, { body: 2 }, { body: 3 }]);
  const receiver = client.createReceiver('mixed');
  const [first, second, third] = (await receiver.receiveMessages(3)) as [Message, Message, Message];
  // Within one tick the client itself would merge them; a turn of the event loop lies between.
  const settled = [receiver.completeMessage(first)];
  await new Promise((resolve) => setImmediate(resolve));
  settled.push(receiver.abandonMessage(second));
  await new Promise((resolve) => setImmediate(resolve));
  settled.push(receiver.completeMessage(third));
  await Promise.all(settled);
  expect(await receiver.peekMessages(3)).toEqual([]);
  const dead = await client
    .createReceiver('mixed', { subQueueType: 'deadLetter' })
    .receiveMessages(3, { maxWaitTimeInMs: 300 });
  expect(dead.map(({ body }) => body)).toEqual([2]);
});

test('the journal stays small, and after a restart there is what was left, no more and no less', async () => {
  const sender = client.createSender('growing');
  const receiver = client.createReceiver('growing');
  const body = Buffer.alloc(1_000);
  for (let round = 0; round < 30; round += 1) {
    await sender.sendMessages(Array.from({ length: 20 }, (_, n) => ({ body, messageId: `${round}-${n}` })));
    // The last of each round is left alone.
    for (const message of await receiver.receiveMessages(20))
      if (!String(message.messageId).endsWith('-19')) await receiver.completeMessage(message);
  }
  const journalBytes = statSync(join(world.config.dataDir, 'journal')).size;
  expect(journalBytes).toBeLessThan(400_000);
  await world.restart();
  const left = await world.another().createReceiver('growing').peekMessages(100);
  expect(left.map(({ messageId }) => messageId)).toEqual(Array.from({ length: 30 }, (_, round) => `${round}-19`));
});

type Message = ServiceBusReceivedMessage;
