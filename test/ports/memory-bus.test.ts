import { expect, test } from 'vitest';
import { VirtualTime } from '../simulation/virtual-time.ts';
import { MemoryQueue } from './memory-bus.ts';

const settings = { sessions: true, duplicateWindowMs: 60_000, mostDeliveries: 3 };

function queueAt(time: VirtualTime): MemoryQueue {
  return new MemoryQueue('lanes', settings, time);
}

const message = (messageId: string, sessionId = 'a', at?: Date) => ({ messageId, sessionId, body: { messageId }, at });

test('a session has one receiver at a time, and its messages keep their order', () => {
  const queue = queueAt(new VirtualTime(0));
  queue.send(message('a1'));
  queue.send(message('a2'));
  queue.send(message('b1', 'b'));
  const first = queue.receive();
  expect(first?.message.id).toBe('a1');
  expect(queue.receive()?.message.id).toBe('b1');
  expect(queue.receive()).toBeNull();
  first?.complete();
  expect(queue.receive()?.message.id).toBe('a2');
});

test('a lost lock gives the message to the next, and what its loser settles changes nothing', () => {
  const queue = queueAt(new VirtualTime(0));
  queue.send(message('a1'));
  const loser = queue.receive();
  loser?.lose();
  const winner = queue.receive();
  expect(winner?.message.id).toBe('a1');
  loser?.complete();
  expect(winner?.held()).toBe(true);
  winner?.abandon();
  expect(queue.receive()?.message.deliveries).toBe(2);
});

test('a message delivered too often becomes a dead letter', () => {
  const queue = queueAt(new VirtualTime(0));
  queue.send(message('a1'));
  for (let delivery = 0; delivery < 3; delivery += 1) queue.receive()?.abandon();
  expect(queue.receive()).toBeNull();
  expect(queue.dead.map(({ id }) => id)).toEqual(['a1']);
});

test('a repeated id is dropped within the window, also of a message that is only scheduled', () => {
  const time = new VirtualTime(0);
  const queue = queueAt(time);
  expect(queue.send(message('a1', 'a', new Date(10_000)))).toBe(true);
  expect(queue.send(message('a1'))).toBe(false);
  expect(queue.receive()).toBeNull();
  time.moveTo(10_000);
  queue.receive()?.complete();
  time.moveTo(60_000);
  expect(queue.send(message('a1'))).toBe(true);
});
