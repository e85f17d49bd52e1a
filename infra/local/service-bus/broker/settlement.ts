import type { Log } from '../journal/journal.ts';
import { notAllowed } from '../service-bus-error.ts';
import type { Locks } from './locks.ts';
import type { StoredMessage } from './stored-message.ts';

export type Properties = Record<string, unknown>;

/** What settling does to a queue. */
export interface Transitions {
  readonly keepsDeadLetters: boolean;
  remove(message: StoredMessage): void;
  giveBack(message: StoredMessage, failed: boolean): void;
  moveToDeadLetters(message: StoredMessage, reason: string | undefined, description: string | undefined): void;
  setProperties(message: StoredMessage, properties: Properties): void;
}

/**
 * How the receivers of one queue settle, by lock token. Each promise resolves when the outcome is on disk. Each method
 * throws message-lock-lost when the lock has ended.
 */
export class Settlement {
  readonly #locks: Locks;
  readonly #log: Log;
  readonly #transitions: Transitions;

  constructor(locks: Locks, log: Log, transitions: Transitions) {
    this.#locks = locks;
    this.#log = log;
    this.#transitions = transitions;
  }

  complete(token: string): Promise<void> {
    this.#transitions.remove(this.#locks.find(token));
    return this.#log.committed();
  }

  /** Gives the message back at once, as a failed delivery. */
  abandon(token: string, changes: Properties = {}): Promise<void> {
    const message = this.#locks.find(token);
    this.#transitions.setProperties(message, changes);
    this.#transitions.giveBack(message, true);
    return this.#log.committed();
  }

  /** Gives the message back as if it had not been delivered. */
  release(token: string): Promise<void> {
    this.#transitions.giveBack(this.#locks.find(token), false);
    return this.#log.committed();
  }

  /** @throws not-allowed in a dead-letter queue */
  deadLetter(token: string, reason?: string, description?: string, changes: Properties = {}): Promise<void> {
    const message = this.#locks.find(token);
    if (!this.#transitions.keepsDeadLetters)
      throw notAllowed('A message of a dead-letter queue cannot be dead-lettered.');
    this.#transitions.setProperties(message, changes);
    this.#transitions.moveToDeadLetters(message, reason, description);
    return this.#log.committed();
  }

  /** The new end of the lock, in ms since 1970. */
  renew(token: string): number {
    return this.#locks.renew(token);
  }
}
