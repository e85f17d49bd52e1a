import { createHmac } from 'node:crypto';
import { type Connection, create_container, type EventContext, type Receiver, type Sender, types } from 'rhea';
import { key, keyName } from './world.ts';

/** A peer that speaks plain AMQP, for what the real client never does on purpose: leaving without a word, sending rubbish. */
export class RawPeer {
  readonly connection: Connection;
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
    this.connection = create_container().connect({ port, host: '127.0.0.1', username: 'raw', reconnect: false });
    for (const event of ['disconnected', 'connection_error', 'receiver_error', 'sender_error', 'error'])
      this.connection.on(event, () => {});
  }

  /** Shows a valid token for the address, as each client must before it attaches. */
  async claim(address: string): Promise<void> {
    const replies = this.connection.open_receiver({ name: 'replies', source: '$cbs', autoaccept: true });
    const requests = this.connection.open_sender({ target: '$cbs' });
    await Promise.all([once(replies, 'receiver_open'), once(requests, 'sendable')]);
    const audience = `sb://127.0.0.1:${this.#port}/${address}`;
    const answered = once(replies, 'message');
    requests.send({
      body: token(audience),
      message_id: 'claim',
      reply_to: 'replies',
      application_properties: { operation: 'put-token', name: audience, type: 'servicebus.windows.net:sastoken' },
    });
    await answered;
  }

  /** Asks for the next session and does not wait for the answer. */
  wishForSession(address: string): Receiver {
    const filter = { 'com.microsoft:session-filter': types.wrap(null) };
    return this.connection.open_receiver({ name: 'wish', source: { address, filter }, credit_window: 0 });
  }

  async sender(address: string): Promise<Sender> {
    const sender = this.connection.open_sender({ target: address });
    await once(sender, 'sendable');
    return sender;
  }

  /** Gone as after a crash: no goodbye of any kind. */
  vanish(): void {
    (this.connection as unknown as { socket: { destroy(): void } }).socket.destroy();
  }
}

export function once(emitter: Connection | Sender | Receiver, event: string): Promise<EventContext> {
  return new Promise((resolve) => {
    emitter.once(event, resolve);
  });
}

function token(audience: string): string {
  const resource = encodeURIComponent(audience);
  const expiry = Math.floor(Date.now() / 1000) + 3_600;
  const signature = createHmac('sha256', key).update(`${resource}\n${expiry}`).digest('base64');
  return `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signature)}&se=${expiry}&skn=${keyName}`;
}
