import type { Outgoing } from '../../shared/adapters/service-bus/bus.ts';

/** The time a bus lives in: milliseconds, and something to be done later. */
export interface BusClock {
  now(): number;
  at(instant: number, run: () => void): void;
}

export interface QueueSettings {
  sessions: boolean;
  duplicateWindowMs: number;
  mostDeliveries: number;
}

/** A message that lies in a queue. */
export interface Message {
  readonly id: string;
  readonly session: string | null;
  /** As parsed from the JSON that travelled. */
  readonly body: unknown;
  deliveries: number;
}

/** A message (in a session queue: the session with it) that somebody has received and not yet settled. */
export interface Delivery {
  readonly message: Message;
  /** False once the lock was lost: settling then changes nothing. */
  held(): boolean;
  complete(): void;
  abandon(): void;
  /** The lock runs out: the message is somebody else's, whatever its receiver still does. */
  lose(): void;
}

/** One queue: peek-lock, sessions, scheduled messages, duplicate detection (of scheduled messages as well), dead letters. */
export class MemoryQueue {
  readonly name: string;
  readonly settings: QueueSettings;
  readonly dead: Message[] = [];
  /** Told whenever a message may be received. */
  ready: (queue: MemoryQueue) => void = () => {};
  readonly #clock: BusClock;
  readonly #ids = new Map<string, number>();
  #active: Message[] = [];
  readonly #locked = new Set<Message>();
  readonly #heldSessions = new Set<string>();
  readonly #scheduled = new Map<Message, number>();

  constructor(name: string, settings: QueueSettings, clock: BusClock) {
    this.name = name;
    this.settings = settings;
    this.#clock = clock;
  }

  /** False: dropped in silence, because its id was seen lately. */
  send({ messageId, body, sessionId, at }: Outgoing): boolean {
    const now = this.#clock.now();
    const seen = this.#ids.get(messageId);
    if (seen !== undefined && now - seen < this.settings.duplicateWindowMs) return false;
    this.#ids.set(messageId, now);
    const text = Buffer.isBuffer(body) ? body.toString('utf8') : JSON.stringify(body);
    const session = sessionId ?? null;
    if (this.settings.sessions && session === null) throw new Error(`${this.name} takes messages with a session only`);
    const message: Message = { id: messageId, session, body: parsed(text), deliveries: 0 };
    if (at === undefined || at.getTime() <= now) this.#enqueue(message);
    else {
      this.#scheduled.set(message, at.getTime());
      this.#clock.at(at.getTime(), () => {
        this.#scheduled.delete(message);
        this.#enqueue(message);
      });
    }
    return true;
  }

  #enqueue(message: Message): void {
    this.#active.push(message);
    this.ready(this);
  }

  /** The first message that may be received now, in a session queue of a session that nobody holds; null: none. */
  receive(): Delivery | null {
    const message = this.#active.find(({ session }) => session === null || !this.#heldSessions.has(session));
    if (message === undefined) return null;
    this.#active = this.#active.filter((other) => other !== message);
    this.#locked.add(message);
    if (this.settings.sessions) this.#heldSessions.add(message.session ?? '');
    let held = true;
    const end = (back: boolean): void => {
      if (!held) return;
      held = false;
      this.#locked.delete(message);
      this.#heldSessions.delete(message.session ?? '');
      if (back) this.#back(message);
      this.ready(this);
    };
    return {
      message,
      held: () => held,
      complete: () => end(false),
      abandon: () => end(true),
      lose: () => end(true),
    };
  }

  #back(message: Message): void {
    message.deliveries += 1;
    if (message.deliveries >= this.settings.mostDeliveries) this.dead.push(message);
    else this.#active.unshift(message);
  }

  /** Messages of a session that lie here, locked ones included, with the instant they come due. */
  lying(session: string | null): { id: string; due: number }[] {
    const here = [...this.#active, ...this.#locked].map((message) => ({ message, due: this.#clock.now() }));
    const later = [...this.#scheduled].map(([message, due]) => ({ message, due }));
    return [...here, ...later]
      .filter(({ message }) => message.session === session)
      .map(({ message, due }) => ({ id: message.id, due }));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
