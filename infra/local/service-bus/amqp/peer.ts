import { answerCbs, cbsAddress } from '../access/cbs.ts';
import { Claims, pathOf } from '../access/claims.ts';
import type { SharedKey } from '../access/sas-token.ts';
import type { Deadlines } from '../broker/deadlines.ts';
import type { HeldSession } from '../broker/held-session.ts';
import type { Namespace } from '../broker/namespace.ts';
import { Queue } from '../broker/queue.ts';
import type { Sessions } from '../broker/sessions.ts';
import type { Topic } from '../broker/topic.ts';
import { answerManagement } from '../management/management.ts';
import { asServiceBusError, notAllowed, ServiceBusError } from '../service-bus-error.ts';
import { Channel } from './channel.ts';
import { IncomingLink } from './incoming-link.ts';
import { amqpError } from './outcome.ts';
import { type Request, reply } from './replies.ts';
import type { AmqpConnection, AmqpDelivery, AmqpLink, AmqpSender, AmqpSession } from './rhea-internals.ts';
import { sessionFilter, wishOf } from './session-attach.ts';
import { lockedUntilProperty } from './session-properties.ts';

export interface Broker {
  namespace: Namespace;
  deadlines: Deadlines;
  key: SharedKey;
}

interface LinkEvent {
  session: AmqpSession;
  receiver: AmqpLink;
  sender: AmqpSender;
  message: unknown;
  delivery: AmqpDelivery;
}

const management = '/$management';

/** One connection: what it may do, its sessions, and what each of its links is for. */
export class Peer {
  readonly #connection: AmqpConnection;
  readonly #broker: Broker;
  readonly #claims: Claims;
  readonly #channels = new Map<AmqpSession, Channel>();
  readonly #incoming = new Map<AmqpLink, IncomingLink>();
  readonly #requests = new Map<AmqpLink, (request: Request) => void>();

  constructor(connection: AmqpConnection, broker: Broker) {
    this.#connection = connection;
    this.#broker = broker;
    this.#claims = new Claims(broker.key, () => broker.deadlines.now());
    connection.on('session_open', ({ session }: LinkEvent) => this.#openChannel(session));
    connection.on('session_close', ({ session }: LinkEvent) => this.#closeChannel(session));
    connection.on('receiver_open', ({ receiver }: LinkEvent) =>
      this.#guard(receiver, () => this.#openIncoming(receiver)),
    );
    connection.on('sender_open', ({ sender }: LinkEvent) => this.#guard(sender, () => this.#openOutgoing(sender)));
    connection.on('message', (event: LinkEvent) => this.#take(event));
    connection.on('sender_flow', ({ sender, session }: LinkEvent) => this.#receiver(session, sender)?.wake());
    connection.on('sender_draining', ({ sender, session }: LinkEvent) => this.#receiver(session, sender)?.drain());
    connection.on('sender_close', ({ sender, session }: LinkEvent) =>
      this.#channels.get(session)?.stopReceiving(sender),
    );
    connection.on('receiver_close', ({ receiver }: LinkEvent) => this.#forget(receiver));
  }

  /** The connection is gone, however that came about. */
  close(): void {
    for (const session of this.#channels.keys()) this.#closeChannel(session);
    this.#incoming.clear();
    this.#requests.clear();
  }

  #openChannel(session: AmqpSession): void {
    const channel = new Channel(session, {
      deadlines: this.#broker.deadlines,
      sessionsAt: (address) => this.#sessionsAt(address),
      takesBytes: (link) => this.#incoming.has(link),
    });
    this.#channels.set(session, channel);
  }

  #closeChannel(session: AmqpSession): void {
    this.#channels.get(session)?.close();
    this.#channels.delete(session);
  }

  #receiver(session: AmqpSession, link: AmqpLink) {
    return this.#channels.get(session)?.receiver(link);
  }

  /** Refuses the link with whatever its opening throws. */
  #guard(link: AmqpLink, open: () => void): void {
    try {
      open();
    } catch (error) {
      link.close(amqpError(asServiceBusError(error)));
    }
  }

  #openIncoming(link: AmqpLink): void {
    const address = link.target?.address ?? '';
    if (address === cbsAddress) this.#requests.set(link, (request) => this.#answerCbs(request));
    else if (address.endsWith(management)) {
      const entity = this.#find(address, address.slice(0, -management.length));
      this.#requests.set(link, (request) => void this.#answerManagement(request, entity));
    } else {
      this.#claims.require(address);
      this.#incoming.set(link, new IncomingLink(link, this.#broker.namespace.findDestination(address)));
    }
    link.set_source({ address: link.source?.address });
    link.set_target({ address });
  }

  #openOutgoing(link: AmqpSender): void {
    const address = link.source?.address ?? '';
    if (address === cbsAddress || address.endsWith(management)) {
      if (address !== cbsAddress) this.#find(address, address.slice(0, -management.length));
      // Replies are sent settled: nobody settles them, and unsettled they would fill rhea's ring.
      link.local.attach.snd_settle_mode = 1;
      link.set_source({ address });
    } else {
      const channel = this.#channels.get(link.session);
      const waitedFor = channel?.waitedFor(link);
      const queue = this.#findQueue(address);
      const held = waitedFor ?? this.#holdWished(queue, link);
      channel?.startReceiving(link, queue, held);
      if (held !== undefined) link.local.attach.properties = lockedUntilProperty(held.until);
      link.set_source({ address, ...(held === undefined ? {} : { filter: { [sessionFilter]: held.sessionId } }) });
    }
    link.set_target({ address: link.target?.address });
  }

  #holdWished(queue: Queue, link: AmqpLink): HeldSession | undefined {
    const wish = wishOf(link.source);
    if (queue.rules.requiresSession !== (wish.kind !== 'none'))
      throw notAllowed(
        queue.rules.requiresSession
          ? `'${queue.name}' requires sessions; accept a session to receive from it.`
          : `'${queue.name}' has no sessions.`,
      );
    if (wish.kind !== 'named') return undefined;
    const held = queue.sessions.accept(wish.sessionId);
    if (held !== undefined) return held;
    throw new ServiceBusError(
      'com.microsoft:session-cannot-be-locked',
      410,
      `The requested session '${wish.sessionId}' cannot be accepted. It may be locked by another receiver.`,
    );
  }

  #sessionsAt(address: string): Sessions | undefined {
    try {
      const queue = this.#findQueue(address);
      return queue.rules.requiresSession ? queue.sessions : undefined;
    } catch {
      // The attach goes on without a session and is refused there, with this same error.
      return undefined;
    }
  }

  #take({ receiver, delivery, message }: LinkEvent): void {
    const request = this.#requests.get(receiver);
    if (request === undefined) {
      this.#incoming.get(receiver)?.receive(delivery, message as Buffer, delivery.format ?? 0);
      return;
    }
    (delivery as unknown as { accept(): void }).accept();
    request(message as Request);
  }

  #answerCbs(request: Request): void {
    const answer = answerCbs(request, this.#claims, (audience) => this.#requireEntity(pathOf(audience)));
    reply(this.#connection, request, answer);
  }

  async #answerManagement(request: Request, entity: Queue | Topic): Promise<void> {
    reply(this.#connection, request, await answerManagement(request, entity));
  }

  #requireEntity(path: string): void {
    if (path !== '') this.#broker.namespace.find(path.endsWith(management) ? path.slice(0, -management.length) : path);
  }

  #find(address: string, entity: string): Queue | Topic {
    this.#claims.require(address);
    return this.#broker.namespace.find(entity);
  }

  #findQueue(address: string): Queue {
    const entity = this.#find(address, address);
    if (entity instanceof Queue) return entity;
    throw notAllowed(`'${entity.name}' is a topic; receive from one of its subscriptions.`);
  }

  #forget(link: AmqpLink): void {
    this.#incoming.delete(link);
    this.#requests.delete(link);
  }
}
