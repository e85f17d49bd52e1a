import { withApplicationProperties } from '../message/rewrite.ts';
import type { IncomingMessage, StoredMessage } from './stored-message.ts';

/**
 * A message as its dead-letter queue takes it in: with the reason among its application properties, no end of life, and
 * what tells where it comes from.
 */
export function deadLetterOf(
  message: StoredMessage,
  source: string,
  reason: string | undefined,
  description: string | undefined,
): { incoming: IncomingMessage; from: Partial<StoredMessage> } {
  const { messageId, sessionId, partitionKey, sequence, enqueuedSequence, enqueuedAt, deliveryCount } = message;
  const bare = withApplicationProperties(message.bare, {
    ...(reason === undefined ? {} : { DeadLetterReason: reason }),
    ...(description === undefined ? {} : { DeadLetterErrorDescription: description }),
  });
  return {
    incoming: { messageId, sessionId, partitionKey, scheduledFor: undefined, timeToLiveMs: undefined, bare },
    from: { sequence, enqueuedSequence, enqueuedAt, deliveryCount, deadLetterSource: source },
  };
}
