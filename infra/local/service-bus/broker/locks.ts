import { randomUUID } from 'node:crypto';
import { messageLockLost } from '../service-bus-error.ts';
import type { Deadlines } from './deadlines.ts';
import type { HeldSession } from './held-session.ts';
import type { Lock, StoredMessage } from './stored-message.ts';

/** The locked messages of one queue, by lock token. */
export class Locks {
  readonly #deadlines: Deadlines;
  readonly #lockMs: number;
  readonly #expired: (message: StoredMessage) => void;
  readonly #messages = new Map<string, StoredMessage>();

  constructor(deadlines: Deadlines, lockMs: number, expired: (message: StoredMessage) => void) {
    this.#deadlines = deadlines;
    this.#lockMs = lockMs;
    this.#expired = expired;
  }

  /** Locks the message for one receiver; under a session for as long as the session is held. */
  take(message: StoredMessage, session: HeldSession | undefined): Lock {
    const until = session?.until ?? this.#deadlines.now() + this.#lockMs;
    const lock: Lock = { token: randomUUID(), until, session, stopExpiry: () => {} };
    message.place = 'locked';
    message.lock = lock;
    this.#messages.set(lock.token, message);
    if (session === undefined) this.#expireAt(message, lock);
    else session.locked.add(message);
    return lock;
  }

  /**
   * The message locked under this token.
   * @throws message-lock-lost when the lock has ended
   */
  find(token: string): StoredMessage {
    const message = this.#messages.get(token);
    if (message?.lock === undefined || message.lock.until <= this.#deadlines.now()) throw messageLockLost();
    return message;
  }

  /** The new end of the lock, in ms since 1970. A message of a session is held through its session. */
  renew(token: string): number {
    const message = this.find(token);
    const lock = message.lock;
    if (lock === undefined) throw messageLockLost();
    if (lock.session !== undefined) return lock.until;
    lock.until = this.#deadlines.now() + this.#lockMs;
    this.#expireAt(message, lock);
    return lock.until;
  }

  /** Ends the lock, however that came about. */
  drop(message: StoredMessage): void {
    const lock = message.lock;
    if (lock === undefined) return;
    lock.stopExpiry();
    lock.session?.locked.delete(message);
    this.#messages.delete(lock.token);
    message.lock = undefined;
  }

  #expireAt(message: StoredMessage, lock: Lock): void {
    lock.stopExpiry();
    lock.stopExpiry = this.#deadlines.at(lock.until, () => this.#expired(message));
  }
}
