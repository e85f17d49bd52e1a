import { expect, test } from 'vitest';
import { soon, startWorld } from './world.ts';

const world = await startWorld({ queues: { plain: {} }, topics: {} });
const { client } = world;

test('a message arrives as it was sent', async () => {
  const sender = client.createSender('plain');
  await sender.sendMessages({
    body: { text: 'héllo', n: 1 },
    messageId: 'm1',
    correlationId: 'c1',
    subject: 's',
    contentType: 'application/json',
    applicationProperties: { a: 1, b: 'two', c: true, d: 1.5 },
  });
  const receiver = client.createReceiver('plain');
  const [message] = await receiver.receiveMessages(1, soon);
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
  if (message) await receiver.completeMessage(message);
  expect(await receiver.receiveMessages(1, soon)).toHaveLength(0);
  await receiver.close();
});
