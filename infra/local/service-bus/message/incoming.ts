import { randomBytes } from 'node:crypto';
import rhea from 'rhea';
import type { IncomingMessage } from '../broker/stored-message.ts';
import { ServiceBusError } from '../service-bus-error.ts';
import { withMessageId } from './rewrite.ts';
import { section, sectionsOf } from './sections.ts';

/** The message format of a batch: each data section holds one whole encoded message. */
export const batchFormat = 0x80013700;

interface Envelope {
  ttl?: number;
  message_annotations?: Record<string, unknown>;
  message_id?: string | number | Buffer;
  group_id?: string;
}

/** The messages in one delivery. @throws decode-error when the bytes are not what they claim to be */
export function readDelivery(bytes: Buffer, format: number): IncomingMessage[] {
  try {
    return format === batchFormat ? batchedMessages(bytes).map(readMessage) : [readMessage(bytes)];
  } catch (error) {
    throw new ServiceBusError('amqp:decode-error', 400, `The message cannot be read: ${(error as Error).message}`);
  }
}

/** One encoded message. @throws RangeError when it cannot be read */
export function readMessage(bytes: Buffer): IncomingMessage {
  const sections = sectionsOf(bytes);
  const head = sections.filter(({ code }) => code <= section.properties);
  const own = sections.filter(({ code }) => code >= section.properties);
  const envelope = rhea.message.decode(bytes.subarray(0, head.at(-1)?.end ?? 0)) as unknown as Envelope;
  const annotations = envelope.message_annotations ?? {};
  // A copy: the bytes are part of a larger block from the socket, which would stay in memory with them.
  const bare = Buffer.from(bytes.subarray(own[0]?.start ?? bytes.length, own.at(-1)?.end ?? bytes.length));
  const given = messageIdText(envelope.message_id);
  // The JavaScript client cannot settle a message that has no id.
  const messageId = given ?? randomBytes(16).toString('hex');
  return {
    messageId,
    sessionId: envelope.group_id ?? undefined,
    partitionKey: textOrNothing(annotations['x-opt-partition-key']),
    scheduledFor: instantOrNothing(annotations['x-opt-scheduled-enqueue-time']),
    timeToLiveMs: envelope.ttl ?? undefined,
    bare: given === undefined ? withMessageId(bare, messageId) : bare,
  };
}

function batchedMessages(bytes: Buffer): Buffer[] {
  return sectionsOf(bytes)
    .filter(({ code }) => code === section.data)
    .map(({ value, end }) => {
      // A binary value: its length in one byte (0xa0) or in four (0xb0), then the bytes.
      const lengthBytes = bytes[value] === 0xa0 ? 1 : 4;
      return bytes.subarray(value + 1 + lengthBytes, end);
    });
}

function messageIdText(id: string | number | Buffer | undefined): string | undefined {
  if (id === undefined || id === null || id === '') return undefined;
  return Buffer.isBuffer(id) ? id.toString('hex') : String(id);
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function instantOrNothing(value: unknown): number | undefined {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'number' ? value : undefined;
}
