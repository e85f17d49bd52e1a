import type { Consumer } from '../broker/consumer.ts';
import type { HeldSession } from '../broker/held-session.ts';
import type { Queue } from '../broker/queue.ts';
import type { Lock, StoredMessage } from '../broker/stored-message.ts';
import { deliveryTag } from '../message/lock-token.ts';
import { encodeMessage } from '../message/outgoing.ts';
import { sessionLockLost } from '../service-bus-error.ts';
import type { Dispositions } from './dispositions.ts';
import type { Outbox } from './outbox.ts';
import { amqpError } from './outcome.ts';
import type { AmqpSender } from './rhea-internals.ts';

const settledBySender = 1;

/** A link on which a client receives from a queue, or from one session of it. */
export class OutgoingLink implements Consumer {
  readonly deletes: boolean;
  readonly #link: AmqpSender;
  readonly #queue: Queue;
  readonly #held: HeldSession | undefined;
  readonly #outbox: Outbox;
  readonly #dispositions: Dispositions;
  #nextTag = 0;

  constructor(
    link: AmqpSender,
    queue: Queue,
    held: HeldSession | undefined,
    context: { outbox: Outbox; dispositions: Dispositions },
  ) {
    this.#link = link;
    this.#queue = queue;
    this.#held = held;
    this.#outbox = context.outbox;
    this.#dispositions = context.dispositions;
    this.deletes = link.remote.attach?.snd_settle_mode === settledBySender;
    link.local.attach.snd_settle_mode = this.deletes ? settledBySender : 0;
    if (held === undefined) return;
    held.consumer = this;
    held.lost = () => link.close(amqpError(sessionLockLost(held.sessionId)));
  }

  capacity(): number {
    return this.#outbox.room(this.#link);
  }

  deliver(message: StoredMessage, lock: Lock | undefined): void {
    const bytes = encodeMessage(message);
    if (lock === undefined) {
      this.#outbox.send(this.#link, bytes, this.#plainTag());
      return;
    }
    const id = this.#outbox.send(this.#link, bytes, deliveryTag(lock.token));
    this.#dispositions.expect(id, { queue: this.#queue, token: lock.token });
  }

  /** There may be room, or more of it. */
  wake(): void {
    if (this.#held === undefined) this.#queue.consumers.wake(this);
    else this.#queue.sessions.wake(this.#held);
  }

  /** The receiver takes what there is and then wants an answer, also when it has no credit left. */
  drain(): void {
    this.wake();
    this.#outbox.drain(this.#link);
  }

  /** The link is gone. Locks outlive it, except those of a session, which ends with its link. */
  close(): void {
    this.#link.credit = 0;
    this.#outbox.forget(this.#link);
    if (this.#held === undefined) this.#queue.consumers.remove(this);
    else this.#queue.sessions.release(this.#held);
  }

  #plainTag(): Buffer {
    const tag = Buffer.alloc(8);
    tag.writeBigUInt64BE(BigInt(this.#nextTag));
    this.#nextTag += 1;
    return tag;
  }
}
