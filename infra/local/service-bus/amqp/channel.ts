import type { Deadlines } from '../broker/deadlines.ts';
import type { HeldSession } from '../broker/held-session.ts';
import type { Queue } from '../broker/queue.ts';
import type { Sessions } from '../broker/sessions.ts';
import { ServiceBusError } from '../service-bus-error.ts';
import { Dispositions } from './dispositions.ts';
import { Outbox } from './outbox.ts';
import { OutgoingLink } from './outgoing-link.ts';
import type { AmqpLink, AmqpSender, AmqpSession } from './rhea-internals.ts';
import { SessionAttaches } from './session-attach.ts';

interface ChannelContext {
  deadlines: Deadlines;
  sessionsAt(address: string): Sessions | undefined;
  /** Whether messages on this link are to arrive as the bytes they are. */
  takesBytes(link: AmqpLink): boolean;
}

/** Any format but 0 makes rhea hand over the bytes; with 0 it decodes them, and number types are lost. */
const undecoded = 1;

/** One AMQP session of a peer: its outgoing deliveries, their settlement, and the links that receive. */
export class Channel {
  readonly #outbox: Outbox;
  readonly #dispositions: Dispositions;
  readonly #attaches: SessionAttaches;
  readonly #receivers = new Map<AmqpLink, OutgoingLink>();

  constructor(session: AmqpSession, context: ChannelContext) {
    this.#outbox = new Outbox(session, () => this.#wakeAll());
    this.#dispositions = new Dispositions(session);
    this.#attaches = new SessionAttaches(session, context);
    const transfer = session.incoming.on_transfer.bind(session.incoming);
    session.incoming.on_transfer = (frame, link) => {
      if (context.takesBytes(link)) frame.performative.message_format ||= undecoded;
      transfer(frame, link);
    };
    const flow = session.on_flow.bind(session);
    session.on_flow = (frame) => {
      flow(frame);
      // A flow of the session alone can open the window of each of its links.
      if (frame.performative.handle === undefined || frame.performative.handle === null) this.#wakeAll();
    };
  }

  /** The session of messages the attach of this link has waited for. @throws what it got instead */
  waitedFor(link: AmqpLink): HeldSession | undefined {
    const outcome = this.#attaches.outcomeFor(link.name);
    if (outcome instanceof ServiceBusError) throw outcome;
    return outcome;
  }

  startReceiving(link: AmqpSender, queue: Queue, held: HeldSession | undefined): void {
    const context = { outbox: this.#outbox, dispositions: this.#dispositions };
    this.#receivers.set(link, new OutgoingLink(link, queue, held, context));
  }

  receiver(link: AmqpLink): OutgoingLink | undefined {
    return this.#receivers.get(link);
  }

  stopReceiving(link: AmqpLink): void {
    const receiver = this.#receivers.get(link);
    this.#receivers.delete(link);
    receiver?.close();
  }

  close(): void {
    this.#attaches.close();
    for (const link of this.#receivers.keys()) this.stopReceiving(link);
  }

  #wakeAll(): void {
    for (const receiver of this.#receivers.values()) receiver.wake();
  }
}
