import { expect, test } from 'vitest';
import { once, RawPeer } from './raw-peer.ts';
import { startWorld } from './world.ts';

const world = await startWorld({
  queues: { detached: { requiresSession: true }, vanished: { requiresSession: true }, rubbish: {}, unclaimed: {} },
  topics: {},
});
const { client } = world;
const port = Number(new URL(world.connectionString.slice('Endpoint='.length).split(';')[0] ?? '').port);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('who detaches before a session came takes none afterwards', async () => {
  const peer = new RawPeer(port);
  await peer.claim('detached');
  const wish = peer.wishForSession('detached');
  await pause(100);
  const closed = once(wish, 'receiver_close');
  wish.close();
  await closed;
  await client.createSender('detached').sendMessages({ body: 1, sessionId: 's' });
  const session = await client.acceptNextSession('detached');
  expect(session.sessionId).toBe('s');
  await session.close();
  peer.connection.close();
});

test('who vanishes while waiting for a session takes none; who vanishes with one leaves it free', async () => {
  const waiting = new RawPeer(port);
  await waiting.claim('vanished');
  waiting.wishForSession('vanished');
  await pause(100);
  waiting.vanish();
  await client.createSender('vanished').sendMessages({ body: 1, sessionId: 's' });
  const holder = new RawPeer(port);
  await holder.claim('vanished');
  await once(holder.wishForSession('vanished'), 'receiver_open');
  await expect(client.acceptSession('vanished', 's')).rejects.toMatchObject({ code: 'SessionCannotBeLocked' });
  holder.vanish();
  await pause(100);
  const session = await client.acceptNextSession('vanished');
  expect((await session.receiveMessages(1))[0]?.body).toBe(1);
  await session.close();
});

test('an unreadable message is refused, and the link goes on', async () => {
  const peer = new RawPeer(port);
  await peer.claim('rubbish');
  const sender = await peer.sender('rubbish');
  const refused = once(sender, 'rejected');
  sender.send(Buffer.from([0x00, 0x53, 0x75, 0xb0, 0xff, 0xff]), undefined, 0x80013700);
  const { delivery } = await refused;
  expect(delivery?.remote_state).toMatchObject({ error: { condition: 'amqp:decode-error' } });
  const accepted = once(sender, 'accepted');
  sender.send({ body: 'readable', message_id: 'm' });
  await accepted;
  expect((await client.createReceiver('rubbish').receiveMessages(1))[0]?.body).toBe('readable');
  peer.connection.close();
});

test('without a token nothing can be attached', async () => {
  const peer = new RawPeer(port);
  const sender = peer.connection.open_sender({ target: 'unclaimed' });
  await once(sender, 'sender_error');
  expect(sender.error).toMatchObject({ condition: 'amqp:unauthorized-access' });
  peer.connection.close();
});

test('bytes that are no AMQP end that connection and no other', async () => {
  const peer = new RawPeer(port);
  await once(peer.connection, 'connection_open');
  const gone = once(peer.connection, 'disconnected');
  // A frame of eight bytes whose header claims to be shorter than a header can be.
  const broken = Buffer.from([0, 0, 0, 8, 0, 0, 0, 0, 0]);
  (peer.connection as unknown as { socket: { write(bytes: Buffer): void } }).socket.write(broken);
  await gone;
  expect(await client.createReceiver('unclaimed').peekMessages(1)).toEqual([]);
});
