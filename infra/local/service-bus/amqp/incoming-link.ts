import frames from 'rhea/lib/frames.js';
import type { Destination } from '../broker/destination.ts';
import { readDelivery } from '../message/incoming.ts';
import { asServiceBusError, ServiceBusError } from '../service-bus-error.ts';
import { accepted, rejected } from './outcome.ts';
import type { AmqpDelivery, AmqpLink } from './rhea-internals.ts';

/** Standard tier: 256 KB a message, and a batch is one message. The client sizes its batches by what the attach says. */
export const maxMessageBytes = 262_144;

/** A link on which a client sends to a queue or a topic. */
export class IncomingLink {
  readonly #link: AmqpLink;
  readonly #destination: Destination;

  constructor(link: AmqpLink, destination: Destination) {
    this.#link = link;
    this.#destination = destination;
    link.local.attach.max_message_size = maxMessageBytes;
  }

  /** Takes one delivery, a single message or a batch, and answers it as a whole when it is on disk. */
  receive(delivery: AmqpDelivery, bytes: Buffer, format: number): void {
    // Answered by hand, one by one: rhea would merge neighbouring answers without comparing them.
    void this.#store(bytes, format).then((state) => {
      const { id } = delivery;
      delivery.settled = true;
      if (!delivery.remote_settled && this.#link.is_open())
        this.#link.session.output(frames.disposition({ role: true, first: id, last: id, settled: true, state }));
      this.#link.connection._register();
    });
  }

  async #store(bytes: Buffer, format: number): Promise<object> {
    try {
      if (bytes.length > maxMessageBytes) throw tooLarge(bytes.length);
      await this.#destination.send(readDelivery(bytes, format));
      return accepted();
    } catch (error) {
      return rejected(asServiceBusError(error));
    }
  }
}

function tooLarge(bytes: number): ServiceBusError {
  return new ServiceBusError(
    'amqp:link:message-size-exceeded',
    403,
    `The message is ${bytes} bytes long; the limit is ${maxMessageBytes}.`,
  );
}
