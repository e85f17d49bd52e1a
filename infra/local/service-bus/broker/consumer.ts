import type { Lock, StoredMessage } from './stored-message.ts';

/** A receiver as the queues see it. */
export interface Consumer {
  /** Receive-and-delete: what is delivered is gone, without a lock. */
  readonly deletes: boolean;
  /** How many messages it takes now. */
  capacity(): number;
  deliver(message: StoredMessage, lock: Lock | undefined): void;
}

/** Decides who gets the ready messages of a queue: whoever asks, or the holder of the message's session. */
export interface Dispatch {
  /** The message may be delivered. */
  ready(message: StoredMessage): void;
  /** A ready message has left the queue without having been delivered. */
  withdrawn(message: StoredMessage): void;
}
