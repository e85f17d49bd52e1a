import rhea, { type Typed } from 'rhea';
import type { StoredMessage } from '../broker/stored-message.ts';
import { encodeSections } from './encode-value.ts';
import { section } from './sections.ts';

const messageStates = { committing: 0, ready: 0, locked: 0, gone: 0, scheduled: 2 } as const;

const highestUint = 2 ** 32 - 1;

/** The message as a receiver gets it: a new header and new annotations before the sender's own sections. */
export function encodeMessage(message: StoredMessage): Buffer {
  const timeToLive =
    message.timeToLiveMs === undefined ? null : rhea.types.wrap_uint(Math.min(message.timeToLiveMs, highestUint));
  const durable = true;
  const priority = null;
  const firstAcquirer = null;
  const envelope = encodeSections([
    {
      code: section.header,
      value: rhea.types.wrap_list([
        durable,
        priority,
        timeToLive,
        firstAcquirer,
        rhea.types.wrap_uint(message.deliveryCount),
      ]),
    },
    { code: section.messageAnnotations, value: rhea.types.wrap_symbolic_map(annotationsOf(message)) },
  ]);
  return Buffer.concat([envelope, message.bare]);
}

function annotationsOf(message: StoredMessage): Record<string, Typed> {
  const annotations: Record<string, Typed> = {
    'x-opt-sequence-number': rhea.types.wrap_long(message.sequence),
    'x-opt-enqueued-time': rhea.types.wrap_timestamp(message.enqueuedAt),
    'x-opt-enqueue-sequence-number': rhea.types.wrap_long(message.enqueuedSequence),
    'x-opt-message-state': rhea.types.wrap_int(messageStates[message.place]),
  };
  if (message.lock !== undefined) annotations['x-opt-locked-until'] = rhea.types.wrap_timestamp(message.lock.until);
  if (message.scheduledFor !== undefined)
    annotations['x-opt-scheduled-enqueue-time'] = rhea.types.wrap_timestamp(message.scheduledFor);
  if (message.partitionKey !== undefined)
    annotations['x-opt-partition-key'] = rhea.types.wrap_string(message.partitionKey);
  if (message.deadLetterSource !== undefined)
    annotations['x-opt-deadletter-source'] = rhea.types.wrap_string(message.deadLetterSource);
  return annotations;
}
