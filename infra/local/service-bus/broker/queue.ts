import type { EntityRules } from '../configuration.ts';
import type { Log } from '../journal/journal.ts';
import type { Operation } from '../journal/operation.ts';
import { withApplicationProperties } from '../message/rewrite.ts';
import { notAllowed } from '../service-bus-error.ts';
import { Arrivals, countAfterCrash } from './arrivals.ts';
import { CompetingConsumers } from './competing-consumers.ts';
import type { Consumer, Dispatch } from './consumer.ts';
import { deadLetterOf } from './dead-letter.ts';
import type { Deadlines } from './deadlines.ts';
import type { Destination } from './destination.ts';
import type { HeldSession } from './held-session.ts';
import { Locks } from './locks.ts';
import { Sessions } from './sessions.ts';
import { type Properties, Settlement } from './settlement.ts';
import type { IncomingMessage, StoredMessage } from './stored-message.ts';

/**
 * A queue, a subscription, or the dead letters of one. It knows nothing of AMQP. What changes lasting state is written to
 * the log in the same turn; the promises resolve when it is on disk.
 */
export class Queue implements Destination {
  readonly name: string;
  readonly rules: EntityRules;
  readonly deadLetters: Queue | undefined;
  /** Those who receive here: one of the two, by `rules.requiresSession`. */
  readonly consumers: CompetingConsumers;
  readonly sessions: Sessions;
  readonly settlement: Settlement;
  readonly #arrivals: Arrivals;
  readonly #deadlines: Deadlines;
  readonly #log: Log;
  readonly #locks: Locks;
  readonly #dispatch: Dispatch;

  constructor(name: string, rules: EntityRules, context: { deadlines: Deadlines; log: Log }, deadLetters?: Queue) {
    this.name = name;
    this.rules = rules;
    this.deadLetters = deadLetters;
    this.#deadlines = context.deadlines;
    this.#log = context.log;
    this.#arrivals = new Arrivals(name, rules.duplicateWindowMs, context, (message) => this.#activate(message));
    this.#locks = new Locks(context.deadlines, rules.lockMs, (message) => this.#giveBack(message, true));
    this.consumers = new CompetingConsumers((message, consumer) => this.#hand(message, consumer, undefined));
    this.sessions = new Sessions(context.deadlines, {
      lockMs: rules.lockMs,
      hand: (message, consumer, session) => this.#hand(message, consumer, session),
      giveBack: (message, failed) => this.#giveBack(message, failed),
    });
    this.settlement = new Settlement(this.#locks, context.log, {
      keepsDeadLetters: deadLetters !== undefined,
      remove: (message) => this.#remove(message),
      giveBack: (message, failed) => this.#giveBack(message, failed),
      moveToDeadLetters: (message, reason, description) => this.#moveToDeadLetters(message, reason, description),
      setProperties: (message, properties) => this.#setProperties(message, properties),
    });
    this.#dispatch = rules.requiresSession ? this.sessions : this.consumers;
  }

  async send(messages: IncomingMessage[]): Promise<void> {
    this.#refuseWithoutSession(messages);
    const kept = messages
      .filter((message) => this.#arrivals.note(message) === 'new')
      .map((message) => this.keep(message));
    await this.#log.committed();
    for (const message of kept) this.arrive(message);
  }

  async schedule(messages: IncomingMessage[]): Promise<number[]> {
    this.#refuseWithoutSession(messages);
    const kept: StoredMessage[] = [];
    const sequences = messages.map((incoming) => {
      // A dropped duplicate gets a number as well, one that names nothing: a sender is not told that it was dropped.
      if (this.#arrivals.note(incoming) === 'duplicate') return this.#arrivals.takeSequence();
      const message = this.keep(incoming);
      kept.push(message);
      return message.sequence;
    });
    await this.#log.committed();
    for (const message of kept) this.arrive(message);
    return sequences;
  }

  cancel(sequences: number[]): Promise<void> {
    return this.#arrivals.cancel(sequences);
  }

  /** Takes a message in, unseen until `arrive`; for a topic, which hands its subscriptions what is not on disk yet. */
  keep(incoming: IncomingMessage, from?: Partial<StoredMessage>): StoredMessage {
    return this.#arrivals.keep({ ...incoming, timeToLiveMs: this.#timeToLive(incoming.timeToLiveMs) }, from);
  }

  /** What is kept and on disk becomes visible. */
  arrive(message: StoredMessage): void {
    if (message.dueAt !== undefined) this.#arrivals.wait(message);
    else if (this.rules.requiresSession && message.sessionId === undefined)
      this.#moveToDeadLetters(message, 'Session ID is null.', 'A message without a session cannot be delivered here.');
    else {
      this.#watchExpiry(message);
      this.#makeReady(message);
    }
  }

  /** Messages from this sequence number on, without taking them: waiting, locked and scheduled alike. */
  peek(fromSequence: number, count: number, sessionId: string | undefined): StoredMessage[] {
    const found: StoredMessage[] = [];
    for (const message of this.#arrivals.messages.from(fromSequence)) {
      if (found.length >= count) break;
      if (message.place === 'committing' || (sessionId !== undefined && message.sessionId !== sessionId)) continue;
      if (message.place === 'ready' && this.#isExpired(message)) continue;
      found.push(message);
    }
    return found;
  }

  restore(operation: Operation): void {
    this.#arrivals.restore(operation);
  }

  /** After the last `restore`: what was kept goes where it belongs. */
  open(): void {
    for (const message of [...this.#arrivals.messages.from(0)].sort((one, other) => one.order - other.order))
      this.arrive(message);
  }

  snapshot(): Operation[] {
    return this.#arrivals.snapshot();
  }

  #activate(message: StoredMessage): void {
    this.#arrivals.enter(message);
    this.arrive(message);
  }

  #watchExpiry(message: StoredMessage): void {
    if (message.expiresAt === undefined) return;
    // A locked message does not expire; when it comes back it is looked at again.
    message.stopWaiting = this.#deadlines.at(message.expiresAt, () => {
      if (message.place === 'ready') this.#expire(message);
    });
  }

  #makeReady(message: StoredMessage): void {
    const { maxDeliveryCount } = this.rules;
    if (this.#isExpired(message)) this.#expire(message);
    else if (message.deliveryCount >= maxDeliveryCount)
      this.#moveToDeadLetters(
        message,
        'MaxDeliveryCountExceeded',
        `Message could not be consumed after ${maxDeliveryCount} delivery attempts.`,
      );
    else {
      message.place = 'ready';
      this.#dispatch.ready(message);
    }
  }

  /** Called with a message just taken from the ready ones. */
  #hand(message: StoredMessage, consumer: Consumer, session: HeldSession | undefined): void {
    message.place = 'locked';
    if (this.#isExpired(message)) this.#expire(message);
    else if (consumer.deletes) {
      this.#remove(message);
      consumer.deliver(message, undefined);
    } else {
      const lock = this.#locks.take(message, session);
      if (session === undefined) this.#writeCount(message);
      consumer.deliver(message, lock);
    }
  }

  #giveBack(message: StoredMessage, failed: boolean): void {
    const before = countAfterCrash(message);
    this.#locks.drop(message);
    message.place = 'committing';
    if (failed) message.deliveryCount += 1;
    if (message.deliveryCount !== before) this.#writeCount(message);
    this.#makeReady(message);
  }

  #writeCount(message: StoredMessage): void {
    this.#log.write({ op: 'count', queue: this.name, sequence: message.sequence, count: countAfterCrash(message) });
  }

  #expire(message: StoredMessage): void {
    if (this.rules.deadLetterOnExpiry)
      this.#moveToDeadLetters(message, 'TTLExpiredException', 'The message expired and was dead lettered.');
    else this.#remove(message);
  }

  /** A dead-letter queue has none of its own, and rules under which this cannot come up. */
  #moveToDeadLetters(message: StoredMessage, reason: string | undefined, description: string | undefined): void {
    if (this.deadLetters === undefined) throw new Error(`'${this.name}' has no dead-letter queue`);
    const { incoming, from } = deadLetterOf(message, this.name, reason, description);
    const dead = this.deadLetters.keep(incoming, from);
    this.#remove(message);
    // Both halves of the move are in one frame of the journal: it can be shown before it is on disk.
    this.deadLetters.arrive(dead);
  }

  #remove(message: StoredMessage): void {
    const wasReady = message.place === 'ready';
    this.#locks.drop(message);
    this.#arrivals.forget(message);
    if (wasReady) this.#dispatch.withdrawn(message);
  }

  #setProperties(message: StoredMessage, properties: Properties): void {
    if (Object.keys(properties).length === 0) return;
    message.bare = withApplicationProperties(message.bare, properties);
    this.#log.write({ op: 'bare', queue: this.name, sequence: message.sequence, bare: message.bare });
  }

  #isExpired(message: StoredMessage): boolean {
    return message.expiresAt !== undefined && message.expiresAt <= this.#deadlines.now();
  }

  /** The shorter of what the sender asks for and what the queue allows. */
  #timeToLive(asked: number | undefined): number | undefined {
    const limit = this.rules.timeToLiveMs;
    if (limit === undefined || asked === undefined) return asked ?? limit;
    return Math.min(asked, limit);
  }

  #refuseWithoutSession(messages: IncomingMessage[]): void {
    if (this.rules.requiresSession && messages.some((message) => message.sessionId === undefined))
      throw notAllowed(
        `The queue '${this.name}' requires sessions; a message without a session id cannot be sent to it.`,
      );
  }
}
