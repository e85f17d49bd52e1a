import { ServiceBusError } from '../service-bus-error.ts';
import type { MessagesBySequence } from './messages-by-sequence.ts';
import type { StoredMessage } from './stored-message.ts';

/**
 * The scheduled messages behind these sequence numbers.
 * @throws message-not-found when one is unknown, already due or already cancelled
 */
export function findScheduled(messages: MessagesBySequence, sequences: number[]): StoredMessage[] {
  return sequences.map((sequence) => {
    const message = messages.get(sequence);
    if (message?.place === 'scheduled') return message;
    throw new ServiceBusError(
      'com.microsoft:message-not-found',
      404,
      `There is no scheduled message with sequence number ${sequence}.`,
    );
  });
}
