import type { AmqpDelivery, AmqpSender, AmqpSession } from './rhea-internals.ts';

/**
 * What one AMQP session sends to receivers. rhea lowers its credit and its window only when it writes, and overruns its
 * own ring of deliveries when one trusts them within a turn; here is counted what has been handed to it and not written.
 */
export class Outbox {
  readonly #session: AmqpSession;
  readonly #unwritten: { delivery: AmqpDelivery; link: AmqpSender }[] = [];
  readonly #perLink = new Map<AmqpSender, number>();
  readonly #draining = new Set<AmqpSender>();
  readonly #roomMade: () => void;
  #unwrittenFrames = 0;

  /** `roomMade` is called when deliveries have been written, so that there may be room for more. */
  constructor(session: AmqpSession, roomMade: () => void) {
    this.#session = session;
    this.#roomMade = roomMade;
    const { outgoing } = session;
    const write = outgoing.process.bind(outgoing);
    outgoing.process = () => {
      write();
      this.#afterWriting();
    };
  }

  /** How many deliveries this link takes now. */
  room(link: AmqpSender): number {
    if (!link.is_open()) return 0;
    const { outgoing } = this.#session;
    const window = outgoing.transfer_window();
    // Not a number until the peer's first flow frame; what the peer said at the beginning holds until then.
    const frames = Number.isNaN(window) ? (outgoing.remote_window ?? 0) - outgoing.next_transfer_id : window;
    const credit = link.credit - (this.#perLink.get(link) ?? 0);
    return Math.max(0, Math.min(credit, outgoing.available(), frames - this.#unwrittenFrames));
  }

  /** Hands over one encoded message; the delivery's id. */
  send(link: AmqpSender, bytes: Buffer, tag: Buffer): number {
    const delivery = link.send(bytes, tag, 0);
    this.#unwritten.push({ delivery, link });
    this.#unwrittenFrames += delivery.data.length;
    this.#perLink.set(link, (this.#perLink.get(link) ?? 0) + 1);
    return delivery.id;
  }

  /** Gives the link's remaining credit back once everything for it is written, and says so: the receiver waits for that. */
  drain(link: AmqpSender): void {
    this.#draining.add(link);
    // rhea leaves the flag out when no credit is left, and the receiver would wait for ever.
    link._get_drain = () => {
      if (!this.#draining.delete(link)) return false;
      link.delivery_count += link.credit;
      link.credit = 0;
      link._draining = false;
      return true;
    };
    this.#session.connection._register();
  }

  forget(link: AmqpSender): void {
    this.#draining.delete(link);
    this.#perLink.delete(link);
  }

  #afterWriting(): void {
    const { outgoing } = this.#session;
    let written = 0;
    for (const { delivery, link } of this.#unwritten) {
      if (delivery.id >= outgoing.next_pending_delivery) break;
      written += 1;
      // The locks say what is settled, not rhea; marked so, the delivery leaves rhea's ring.
      delivery.settled = true;
      delivery.remote_settled = true;
      this.#unwrittenFrames -= delivery.data.length;
      this.#perLink.set(link, (this.#perLink.get(link) ?? 1) - 1);
    }
    this.#unwritten.splice(0, written);
    if (written > 0) {
      outgoing.deliveries.pop_if((delivery) => delivery.settled && delivery.remote_settled);
      setImmediate(this.#roomMade);
    }
    for (const link of this.#draining) if (!this.#perLink.get(link)) link.issue_flow = true;
  }
}
