import { createServer, type Server, type Socket } from 'node:net';
import rhea from 'rhea';
import { maxMessageBytes } from './incoming-link.ts';
import { type Broker, Peer } from './peer.ts';
import type { AmqpConnection } from './rhea-internals.ts';

/** How long a peer has to take its leave when the broker closes. */
const goodbyeMs = 150;

const connectionOptions = {
  max_frame_size: 65_536,
  tcp_no_delay: true,
  idle_time_out: 240_000,
  receiver_options: { autoaccept: false, credit_window: 1000, max_message_size: maxMessageBytes },
  sender_options: { autosettle: false, treat_modified_as_released: false },
};

/** The socket side: accepts connections on 127.0.0.1 and gives each its peer. */
export class Front {
  readonly #broker: Broker;
  readonly #server: Server;
  readonly #open = new Map<Socket, AmqpConnection>();
  #early: Socket[] | undefined = [];
  readonly #container = rhea.create_container({ id: 'local-service-bus' });

  constructor(broker: Broker) {
    this.#broker = broker;
    const mechanisms = this.#container.sasl_server_mechanisms as unknown as {
      enable_anonymous(): void;
      enable_plain(check: () => boolean): void;
      MSSBCBS?: () => { outcome: boolean | undefined; start: typeof letIn };
    };
    // Who a client is, its tokens on $cbs say; SASL is only the way in.
    mechanisms.enable_anonymous();
    mechanisms.enable_plain(() => true);
    mechanisms.MSSBCBS = () => ({ outcome: undefined, start: letIn });
    this.#server = createServer({ pauseOnConnect: true }, (socket) => {
      if (this.#early === undefined) this.#accept(socket);
      else this.#early.push(socket);
    });
  }

  /** Takes the port and lets everybody wait; 0 asks for a free one. The port it has. @throws EADDRINUSE */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  /** Lets in who waits, and from then on who comes. */
  open(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const socket of early) this.#accept(socket);
  }

  /** Says goodbye to each client, so that it knows at once, and cuts off those that do not leave. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#early ?? []) socket.destroy();
    for (const connection of this.#open.values())
      connection.close({ condition: 'amqp:connection:forced', description: 'The local Service Bus is shutting down.' });
    const cutOff = setTimeout(() => {
      for (const socket of this.#open.keys()) socket.destroy();
    }, goodbyeMs);
    await closed;
    clearTimeout(cutOff);
  }

  #accept(socket: Socket): void {
    const connection = this.#container.create_connection({
      ...connectionOptions,
    } as never) as unknown as AmqpConnection;
    const peer = new Peer(connection, this.#broker);
    this.#open.set(socket, connection);
    for (const event of ignoredEvents) connection.on(event, () => {});
    const cutOff = (error: unknown): void => {
      console.error(`service-bus: a connection is cut off: ${error instanceof Error ? error.message : String(error)}`);
      socket.destroy();
    };
    connection.on('error', cutOff);
    connection.on('protocol_error', cutOff);
    connection.accept(socket);
    socket.resume();
    // rhea learns of the end of a socket and of its errors, not of its closing.
    socket.on('close', () => {
      this.#open.delete(socket);
      connection._disconnected();
      peer.close();
    });
  }
}

/** Without a listener rhea takes these for unhandled errors, or prints them. */
const ignoredEvents = ['disconnected', 'connection_error', 'session_error', 'sender_error', 'receiver_error'];

function letIn(this: { outcome: boolean | undefined }): void {
  this.outcome = true;
}
