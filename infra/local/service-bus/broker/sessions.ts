import type { Consumer, Dispatch } from './consumer.ts';
import type { Deadlines } from './deadlines.ts';
import { Heap } from './heap.ts';
import type { HeldSession } from './held-session.ts';
import type { StoredMessage } from './stored-message.ts';

/** What the sessions need of their queue. */
export interface SessionOwner {
  readonly lockMs: number;
  hand(message: StoredMessage, consumer: Consumer, session: HeldSession): void;
  /** A message comes back unsettled; `failed` when that counts as a failed delivery. */
  giveBack(message: StoredMessage, failed: boolean): void;
}

interface Session {
  readonly id: string;
  readonly ready: Heap<StoredMessage>;
  readyCount: number;
  held: HeldSession | undefined;
}

type Waiter = (held: HeldSession) => void;

/**
 * Ready messages by session, each session to one holder at a time, in order within it. A session exists only while it has
 * ready messages or a holder; those free to be taken wait in a line of their own, so that no step walks all sessions.
 */
export class Sessions implements Dispatch {
  readonly #deadlines: Deadlines;
  readonly #owner: SessionOwner;
  readonly #sessions = new Map<string, Session>();
  readonly #free = new Set<Session>();
  readonly #waiting = new Set<Waiter>();

  constructor(deadlines: Deadlines, owner: SessionOwner) {
    this.#deadlines = deadlines;
    this.#owner = owner;
  }

  ready(message: StoredMessage): void {
    const session = this.#session(message.sessionId ?? '');
    session.ready.push(message);
    session.readyCount += 1;
    this.#turnTo(session);
  }

  withdrawn(message: StoredMessage): void {
    const session = this.#session(message.sessionId ?? '');
    session.ready.died();
    session.readyCount -= 1;
    this.#turnTo(session);
  }

  /** Takes the named session, which may be empty; undefined when someone holds it. */
  accept(id: string): HeldSession | undefined {
    const session = this.#session(id);
    return session.held === undefined ? this.#hold(session) : undefined;
  }

  /** Takes any free session that has messages: the one that has waited longest. */
  acceptNext(): HeldSession | undefined {
    for (const session of this.#free) return this.#hold(session);
    return undefined;
  }

  /** Calls back with the next session that becomes free; the result takes the wish back. */
  waitForNext(waiter: Waiter): () => void {
    this.#waiting.add(waiter);
    return () => this.#waiting.delete(waiter);
  }

  /** Delivers what the holder has room for. */
  wake(held: HeldSession): void {
    const session = this.#sessions.get(held.sessionId);
    if (session?.held === held) this.#deliver(session);
  }

  holderOf(id: string): HeldSession | undefined {
    return this.#sessions.get(id)?.held;
  }

  /** The new end of the hold, in ms since 1970; each message delivered under it is held as long. */
  renew(held: HeldSession): number {
    held.until = this.#deadlines.now() + this.#owner.lockMs;
    for (const message of held.locked) if (message.lock !== undefined) message.lock.until = held.until;
    this.#expireAt(held);
    return held.until;
  }

  /** The receiver gives the session up: unsettled messages return, and that does not count as a failed delivery. */
  release(held: HeldSession): void {
    this.#end(held, false);
  }

  #hold(session: Session): HeldSession {
    const held: HeldSession = {
      sessionId: session.id,
      until: this.#deadlines.now() + this.#owner.lockMs,
      consumer: undefined,
      lost: () => {},
      locked: new Set(),
      stopExpiry: () => {},
    };
    session.held = held;
    this.#free.delete(session);
    this.#expireAt(held);
    return held;
  }

  #expireAt(held: HeldSession): void {
    held.stopExpiry();
    held.stopExpiry = this.#deadlines.at(held.until, () => {
      if (this.#end(held, true)) held.lost();
    });
  }

  #end(held: HeldSession, failed: boolean): boolean {
    const session = this.#sessions.get(held.sessionId);
    if (session?.held !== held) return false;
    held.stopExpiry();
    held.consumer = undefined;
    // Still held while they return, so that nobody takes the session with half of its messages.
    for (const message of [...held.locked]) this.#owner.giveBack(message, failed);
    session.held = undefined;
    this.#turnTo(session);
    return true;
  }

  #turnTo(session: Session): void {
    if (session.held !== undefined) {
      this.#deliver(session);
    } else if (session.readyCount === 0) {
      this.#free.delete(session);
      this.#sessions.delete(session.id);
    } else {
      this.#free.add(session);
      for (const waiter of this.#waiting) {
        this.#waiting.delete(waiter);
        waiter(this.#hold(session));
        return;
      }
    }
  }

  #deliver(session: Session): void {
    const held = session.held;
    while (held?.consumer !== undefined && session.readyCount > 0 && held.consumer.capacity() > 0) {
      const message = session.ready.pop();
      if (message === undefined) return;
      session.readyCount -= 1;
      this.#owner.hand(message, held.consumer, held);
    }
  }

  #session(id: string): Session {
    const known = this.#sessions.get(id);
    if (known !== undefined) return known;
    const session: Session = {
      id,
      ready: new Heap(
        (message) => message.order,
        (message) => message.place === 'ready',
      ),
      readyCount: 0,
      held: undefined,
    };
    this.#sessions.set(id, session);
    return session;
  }
}
