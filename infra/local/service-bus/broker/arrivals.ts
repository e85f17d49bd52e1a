import type { Log } from '../journal/journal.ts';
import type { MessageOperation, Operation } from '../journal/operation.ts';
import type { Deadlines } from './deadlines.ts';
import { MessagesBySequence } from './messages-by-sequence.ts';
import { findScheduled } from './scheduled.ts';
import { SeenIds } from './seen-ids.ts';
import type { IncomingMessage, StoredMessage } from './stored-message.ts';

/** What queues and topics share: numbering, duplicate detection, waiting until due, the journal of all that. */
export class Arrivals {
  readonly name: string;
  readonly messages = new MessagesBySequence();
  readonly #deadlines: Deadlines;
  readonly #log: Log;
  readonly #seen: SeenIds | undefined;
  readonly #due: (message: StoredMessage) => void;
  #nextSequence = 1;
  #nextOrder = 1;

  constructor(
    name: string,
    duplicateWindowMs: number | undefined,
    context: { deadlines: Deadlines; log: Log },
    due: (message: StoredMessage) => void,
  ) {
    this.name = name;
    this.#deadlines = context.deadlines;
    this.#log = context.log;
    this.#seen = duplicateWindowMs === undefined ? undefined : new SeenIds(duplicateWindowMs);
    this.#due = due;
  }

  /** Notes the message's id for as long as the window is; a scheduled one counts from when it was scheduled. */
  note(incoming: IncomingMessage): 'new' | 'duplicate' {
    if (this.#seen === undefined) return 'new';
    const until = this.#seen.note(incoming.messageId, this.#deadlines.now());
    if (until === undefined) return 'duplicate';
    this.#log.write({ op: 'seen', queue: this.name, id: incoming.messageId, until });
    return 'new';
  }

  isInFuture(instant: number): boolean {
    return instant > this.#deadlines.now();
  }

  takeSequence(): number {
    const sequence = this.#nextSequence;
    this.#nextSequence += 1;
    return sequence;
  }

  takeOrder(): number {
    const order = this.#nextOrder;
    this.#nextOrder += 1;
    return order;
  }

  /** Keeps a message that has just come in; nobody sees it before the journal has it. */
  keep(incoming: IncomingMessage, from: Partial<StoredMessage> = {}): StoredMessage {
    const sequence = from.sequence ?? this.takeSequence();
    const now = this.#deadlines.now();
    const { timeToLiveMs, scheduledFor } = incoming;
    const dueAt = scheduledFor !== undefined && this.isInFuture(scheduledFor) ? scheduledFor : undefined;
    const message: StoredMessage = {
      sequence,
      messageId: incoming.messageId,
      sessionId: incoming.sessionId,
      partitionKey: incoming.partitionKey,
      enqueuedSequence: from.enqueuedSequence ?? sequence,
      deadLetterSource: from.deadLetterSource,
      scheduledFor,
      timeToLiveMs,
      bare: incoming.bare,
      dueAt,
      enqueuedAt: from.enqueuedAt ?? now,
      expiresAt: timeToLiveMs === undefined ? undefined : (dueAt ?? now) + timeToLiveMs,
      deliveryCount: from.deliveryCount ?? 0,
      order: this.takeOrder(),
      place: 'committing',
      lock: undefined,
      stopWaiting: () => {},
    };
    this.messages.add(message);
    this.#log.write(this.toOperation(message));
    return message;
  }

  /** Lets a kept message wait until it is due. */
  wait(message: StoredMessage): void {
    message.place = 'scheduled';
    message.stopWaiting = this.#deadlines.at(message.dueAt ?? 0, () => this.#due(message));
  }

  /** The message is due: it enters the queue now, behind those that are there. */
  enter(message: StoredMessage): void {
    this.#enter(message, this.#deadlines.now());
    this.#log.write({ op: 'active', queue: this.name, sequence: message.sequence, enqueuedAt: message.enqueuedAt });
  }

  /** @throws message-not-found, and then cancels none */
  cancel(sequences: number[]): Promise<void> {
    for (const message of findScheduled(this.messages, sequences)) this.forget(message);
    return this.#log.committed();
  }

  forget(message: StoredMessage): void {
    message.stopWaiting();
    message.place = 'gone';
    this.messages.remove(message);
    this.#log.write({ op: 'gone', queue: this.name, sequence: message.sequence });
  }

  restore(operation: Operation): void {
    if (operation.op === 'message') this.#restoreMessage(operation);
    else if (operation.op === 'seen') this.#seen?.restore(operation.id, operation.until);
    else if (operation.op === 'next') this.#nextSequence = Math.max(this.#nextSequence, operation.sequence);
    else this.#restoreChange(operation);
  }

  snapshot(): Operation[] {
    const operations: Operation[] = [{ op: 'next', queue: this.name, sequence: this.#nextSequence }];
    for (const [id, until] of this.#seen?.entries(this.#deadlines.now()) ?? [])
      operations.push({ op: 'seen', queue: this.name, id, until });
    const messages = [...this.messages.from(0)].sort((one, other) => one.order - other.order);
    return operations.concat(messages.map((message) => this.toOperation(message)));
  }

  toOperation(message: StoredMessage): MessageOperation {
    return {
      op: 'message',
      queue: this.name,
      sequence: message.sequence,
      enqueuedSequence: message.enqueuedSequence,
      id: message.messageId,
      session: message.sessionId,
      partition: message.partitionKey,
      from: message.deadLetterSource,
      enqueuedAt: message.enqueuedAt,
      scheduledFor: message.scheduledFor,
      dueAt: message.dueAt,
      timeToLiveMs: message.timeToLiveMs,
      expiresAt: message.expiresAt,
      count: countAfterCrash(message),
      bare: message.bare,
    };
  }

  #enter(message: StoredMessage, enqueuedAt: number): void {
    message.dueAt = undefined;
    message.enqueuedAt = enqueuedAt;
    message.expiresAt = message.timeToLiveMs === undefined ? undefined : enqueuedAt + message.timeToLiveMs;
    message.order = this.takeOrder();
  }

  #restoreMessage(operation: MessageOperation): void {
    this.#nextSequence = Math.max(this.#nextSequence, operation.sequence + 1);
    this.messages.add({
      sequence: operation.sequence,
      messageId: operation.id,
      sessionId: operation.session,
      partitionKey: operation.partition,
      enqueuedSequence: operation.enqueuedSequence,
      deadLetterSource: operation.from,
      scheduledFor: operation.scheduledFor,
      timeToLiveMs: operation.timeToLiveMs,
      bare: operation.bare,
      dueAt: operation.dueAt,
      enqueuedAt: operation.enqueuedAt,
      expiresAt: operation.expiresAt,
      deliveryCount: operation.count,
      order: this.takeOrder(),
      place: 'committing',
      lock: undefined,
      stopWaiting: () => {},
    });
  }

  #restoreChange(operation: Exclude<Operation, { op: 'message' | 'seen' | 'next' }>): void {
    const message = this.messages.get(operation.sequence);
    if (message === undefined) return;
    if (operation.op === 'gone') this.messages.remove(message);
    else if (operation.op === 'count') message.deliveryCount = operation.count;
    else if (operation.op === 'bare') message.bare = operation.bare;
    else this.#enter(message, operation.enqueuedAt);
  }
}

/**
 * A delivery under a lock of its own counts as failed from the start, so that a message which takes the whole machine down
 * with it still reaches its limit. One under a session's lock returns uncounted, as when the session's link closes.
 */
export function countAfterCrash(message: StoredMessage): number {
  const delivered = message.place === 'locked' && message.lock?.session === undefined;
  return message.deliveryCount + (delivered ? 1 : 0);
}
