import rhea from 'rhea';
import { Queue } from '../broker/queue.ts';
import type { Topic } from '../broker/topic.ts';
import { readMessage } from '../message/incoming.ts';
import { uuidText } from '../message/lock-token.ts';
import { encodeMessage } from '../message/outgoing.ts';
import { notAllowed, notImplemented, ServiceBusError, sessionLockLost } from '../service-bus-error.ts';
import { RequestBody } from './request-body.ts';

/** What a request to `<entity>/$management` comes to: the body of the answer; none means 204, no content. */
export type Operation = (entity: Queue | Topic, body: RequestBody) => Promise<object | undefined>;

const longArray = 0x81;
const timestampArray = 0x83;

/** Microsoft's "AMQP in Azure Service Bus, request-response operations", as far as is supported here. */
export const operations: Record<string, Operation> = {
  'com.microsoft:schedule-message': async (entity, body) => {
    const messages = body.list('messages').map((entry) => readMessage(new RequestBody(entry).binary('message')));
    const sequences = await entity.schedule(messages);
    return { 'sequence-numbers': rhea.types.wrap_array(sequences, longArray, undefined) };
  },

  'com.microsoft:cancel-scheduled-message': async (entity, body) => {
    await entity.cancel(body.longs('sequence-numbers'));
    return {};
  },

  'com.microsoft:peek-message': async (entity, body) => {
    const found = queueOf(entity).peek(
      body.number('from-sequence-number'),
      body.number('message-count'),
      body.optionalText('session-id'),
    );
    if (found.length === 0) return undefined;
    return { messages: found.map((message) => ({ message: encodeMessage(message) })) };
  },

  'com.microsoft:renew-lock': async (entity, body) => {
    const queue = queueOf(entity);
    const ends = body.binaries('lock-tokens').map((token) => queue.settlement.renew(uuidText(token)));
    return { expirations: rhea.types.wrap_array(ends, timestampArray, undefined) };
  },

  'com.microsoft:renew-session-lock': async (entity, body) => {
    const { sessions } = queueOf(entity);
    const sessionId = body.text('session-id');
    const held = sessions.holderOf(sessionId);
    if (held === undefined) throw sessionLockLost(sessionId);
    return { expiration: rhea.types.wrap_timestamp(sessions.renew(held)) };
  },

  'com.microsoft:update-disposition': async (entity, body) => {
    const queue = queueOf(entity);
    await Promise.all(body.binaries('lock-tokens').map((token) => settle(queue, uuidText(token), body)));
    return {};
  },
};

function settle(queue: Queue, token: string, body: RequestBody): Promise<void> {
  const changes = body.optionalMap('properties-to-modify');
  const status = body.text('disposition-status');
  switch (status) {
    case 'completed':
      return queue.settlement.complete(token);
    case 'abandoned':
      return queue.settlement.abandon(token, changes);
    case 'suspended':
      return queue.settlement.deadLetter(
        token,
        body.optionalText('deadletter-reason'),
        body.optionalText('deadletter-description'),
        changes,
      );
    // The protocol spells it so.
    case 'defered':
      throw notImplemented('deferring messages');
    default:
      throw new ServiceBusError('com.microsoft:argument-error', 400, `There is no disposition '${status}'.`);
  }
}

function queueOf(entity: Queue | Topic): Queue {
  if (entity instanceof Queue) return entity;
  throw notAllowed(`'${entity.name}' is a topic; messages are received from its subscriptions.`);
}
