import type { Consumer } from './consumer.ts';
import type { StoredMessage } from './stored-message.ts';

/** One receiver's hold on a session. While it lasts nobody else gets a message of that session. */
export interface HeldSession {
  readonly sessionId: string;
  /** When the hold ends unless renewed, in ms since 1970. */
  until: number;
  /** Set once the receiver's link stands. */
  consumer: Consumer | undefined;
  /** Told when the hold ran out. */
  lost: () => void;
  /** Delivered under this hold and not settled yet. */
  readonly locked: Set<StoredMessage>;
  stopExpiry: () => void;
}
