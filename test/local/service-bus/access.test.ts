import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { Claims } from '../../../infra/local/service-bus/access/claims.ts';
import { key, keyName, startWorld } from './world.ts';

const world = await startWorld({ queues: { here: {} }, topics: { topic: { subscriptions: { sub: {} } } } });
/** The client takes a refused token for something that may pass, and tries again. */
const once = { maxRetries: 0, timeoutInMs: 5_000 };
const sendTo = (client: typeof world.client, name: string) => client.createSender(name).sendMessages({ body: 1 });

test('a wrong key and an unknown key name are UnauthorizedAccess', async () => {
  const wrongKey = world.another(world.connectionString.replace(key, 'another-key'), once);
  await expect(sendTo(wrongKey, 'here')).rejects.toMatchObject({ code: 'UnauthorizedAccess' });
  const wrongName = world.another(world.connectionString.replace(keyName, 'nobody'), once);
  await expect(wrongName.createReceiver('here').receiveMessages(1)).rejects.toMatchObject({
    code: 'UnauthorizedAccess',
  });
});

test('an unknown entity is MessagingEntityNotFound, at once, whatever is wanted of it', async () => {
  const started = Date.now();
  const notFound = { code: 'MessagingEntityNotFound' };
  await expect(sendTo(world.client, 'nowhere')).rejects.toMatchObject(notFound);
  await expect(world.client.createReceiver('topic', 'nobody').receiveMessages(1)).rejects.toMatchObject(notFound);
  await expect(world.client.acceptNextSession('nowhere')).rejects.toMatchObject(notFound);
  await expect(world.client.createReceiver('nowhere').peekMessages(1)).rejects.toMatchObject(notFound);
  expect(Date.now() - started).toBeLessThan(20_000);
});

test('entity names are compared without regard to case', async () => {
  await sendTo(world.client, 'HERE');
  expect(await world.client.createReceiver('Here').receiveMessages(1)).toHaveLength(1);
});

test('what cannot be sent to or received from says so', async () => {
  await expect(world.client.createReceiver('topic').receiveMessages(1)).rejects.toThrow('is a topic');
  await expect(sendTo(world.client, 'here/$DeadLetterQueue')).rejects.toThrow('cannot be sent to');
});

test.each([
  { when: 'it is signed with another key', audience: 'sb://h/q', token: { key: 'other' }, why: 'signature' },
  { when: 'its key is unknown', audience: 'sb://h/q', token: { name: 'other' }, why: "no key named 'other'" },
  { when: 'it has expired', audience: 'sb://h/q', token: { expiry: 999 }, why: 'expired' },
  { when: 'its end is no number', audience: 'sb://h/q', token: { expiry: Number.NaN }, why: 'expired' },
  { when: 'it is for another entity', audience: 'sb://h/q2', token: {}, why: 'another resource' },
])('a token is refused when $when', ({ audience, token, why }) => {
  const claims = new Claims({ name: 'n', key: 'k' }, () => 1_000_000);
  expect(() => claims.put(audience, signed({ resource: 'sb://h/q', ...token }))).toThrow(why);
  expect(() => claims.require('q')).toThrow('a claim on');
});

test('a claim covers its entity and what is below it, until its token ends', () => {
  let now = 1_000_000;
  const claims = new Claims({ name: 'n', key: 'k' }, () => now);
  claims.put('sb://h/Orders', signed({ resource: 'sb://h/', expiry: 2_000 }));
  claims.require('orders');
  claims.require('ORDERS/$management');
  expect(() => claims.require('orders2')).toThrow('a claim on');
  now = 2_000_000;
  expect(() => claims.require('orders')).toThrow('a claim on');
});

function signed(part: { resource: string; name?: string; key?: string; expiry?: number }): string {
  const resource = encodeURIComponent(part.resource);
  const expiry = part.expiry ?? 2_000;
  const signature = createHmac('sha256', part.key ?? 'k')
    .update(`${resource}\n${expiry}`)
    .digest('base64');
  return `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signature)}&se=${expiry}&skn=${part.name ?? 'n'}`;
}
