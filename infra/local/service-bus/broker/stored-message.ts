import type { HeldSession } from './held-session.ts';

/** A message as a sender hands it over. Times are in milliseconds, instants since 1970. */
export interface IncomingMessage {
  messageId: string;
  sessionId: string | undefined;
  partitionKey: string | undefined;
  scheduledFor: number | undefined;
  timeToLiveMs: number | undefined;
  /** The encoded sections that belong to the sender: properties, application properties, body, footer. */
  bare: Buffer;
}

/** A claim on one message, by the token the receiver settles with. */
export interface Lock {
  /** A UUID in its usual text form. */
  token: string;
  until: number;
  /** The session under whose lock this one stands; such a lock has no end of its own. */
  session: HeldSession | undefined;
  stopExpiry: () => void;
}

/**
 * Where a message stands in its queue. `committing` is not on disk yet, so nobody may see it: were it delivered and then
 * lost in a crash, a receiver would have acted on what its sender was told had failed.
 */
export type Place = 'committing' | 'scheduled' | 'ready' | 'locked' | 'gone';

/** A message as a queue keeps it. */
export interface StoredMessage {
  readonly sequence: number;
  readonly messageId: string;
  readonly sessionId: string | undefined;
  readonly partitionKey: string | undefined;
  /** The number it had where it first came in: at the topic, or in the queue whose dead letter it now is. */
  readonly enqueuedSequence: number;
  readonly deadLetterSource: string | undefined;
  /** As its sender asked, whether that is still to come or past. */
  readonly scheduledFor: number | undefined;
  readonly timeToLiveMs: number | undefined;
  bare: Buffer;
  /** Until then it is not in the queue yet; undefined once it is. */
  dueAt: number | undefined;
  enqueuedAt: number;
  expiresAt: number | undefined;
  /** Failed deliveries so far. */
  deliveryCount: number;
  /** Rank among the messages of the queue; it keeps its rank when it comes back. */
  order: number;
  place: Place;
  lock: Lock | undefined;
  stopWaiting: () => void;
}
