import type { Log } from '../journal/journal.ts';
import type { Operation } from '../journal/operation.ts';
import { Arrivals } from './arrivals.ts';
import type { Deadlines } from './deadlines.ts';
import type { Destination } from './destination.ts';
import type { Queue } from './queue.ts';
import type { IncomingMessage, StoredMessage } from './stored-message.ts';

/** Gives each subscription its own copy. A scheduled message waits here and is copied when it is due. */
export class Topic implements Destination {
  readonly name: string;
  readonly subscriptions: readonly Queue[];
  readonly #arrivals: Arrivals;
  readonly #log: Log;

  constructor(
    name: string,
    duplicateWindowMs: number | undefined,
    subscriptions: readonly Queue[],
    context: { deadlines: Deadlines; log: Log },
  ) {
    this.name = name;
    this.subscriptions = subscriptions;
    this.#log = context.log;
    this.#arrivals = new Arrivals(name, duplicateWindowMs, context, (message) => this.#publishDue(message));
  }

  async send(messages: IncomingMessage[]): Promise<void> {
    const arrive = messages.flatMap((message) =>
      this.#arrivals.note(message) === 'duplicate' ? [] : [this.#keep(message).arrive],
    );
    await this.#log.committed();
    for (const each of arrive) each();
  }

  async schedule(messages: IncomingMessage[]): Promise<number[]> {
    const kept = messages.map((message) =>
      this.#arrivals.note(message) === 'duplicate'
        ? { sequence: this.#arrivals.takeSequence(), arrive: () => {} }
        : this.#keep(message),
    );
    await this.#log.committed();
    for (const { arrive } of kept) arrive();
    return kept.map(({ sequence }) => sequence);
  }

  cancel(sequences: number[]): Promise<void> {
    return this.#arrivals.cancel(sequences);
  }

  restore(operation: Operation): void {
    this.#arrivals.restore(operation);
  }

  open(): void {
    for (const message of this.#arrivals.messages.from(0)) this.#arrivals.wait(message);
  }

  snapshot(): Operation[] {
    return this.#arrivals.snapshot();
  }

  #keep(incoming: IncomingMessage): { sequence: number; arrive: () => void } {
    if (incoming.scheduledFor !== undefined && this.#arrivals.isInFuture(incoming.scheduledFor)) {
      const message = this.#arrivals.keep(incoming);
      return { sequence: message.sequence, arrive: () => this.#arrivals.wait(message) };
    }
    const sequence = this.#arrivals.takeSequence();
    return { sequence, arrive: this.#copy(incoming, sequence) };
  }

  #publishDue(message: StoredMessage): void {
    const { messageId, sessionId, partitionKey, scheduledFor, timeToLiveMs, bare } = message;
    const incoming = { messageId, sessionId, partitionKey, scheduledFor, timeToLiveMs, bare };
    const arrive = this.#copy(incoming, message.sequence);
    this.#arrivals.forget(message);
    // A failed journal stops the whole broker; there is nobody else to tell.
    this.#log.committed().then(arrive, () => {});
  }

  /** Keeps a copy in each subscription; the result makes them visible, to be called when they are on disk. */
  #copy(incoming: IncomingMessage, enqueuedSequence: number): () => void {
    const copies = this.subscriptions.map((queue) => ({ queue, message: queue.keep(incoming, { enqueuedSequence }) }));
    return () => {
      for (const { queue, message } of copies) queue.arrive(message);
    };
  }
}
