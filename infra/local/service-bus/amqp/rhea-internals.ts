import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

/**
 * The inside of rhea 3.0.5 as far as the broker reaches into it. None of this is public: rhea is pinned to the version the
 * Service Bus client itself uses, and the tests with that client are the guard when either moves.
 */
export interface AmqpError {
  condition: string;
  description: string;
}

export interface Terminus {
  address?: string | null;
  filter?: Record<string, unknown> | null;
}

export interface Attach {
  name: string;
  handle: number;
  /** True when the peer receives. */
  role: boolean;
  snd_settle_mode?: number;
  source: unknown;
  target: unknown;
  properties?: Record<string, unknown> | null;
}

export interface Disposition {
  /** True when it is about deliveries we sent. */
  role: boolean;
  first: number;
  last?: number | null;
  settled?: boolean;
  state?: unknown;
}

export interface Frame<Performative> {
  channel: number;
  performative: Performative;
}

export interface AmqpDelivery {
  id: number;
  /** The frames it was cut into. */
  data: Buffer[];
  format?: number | null;
  settled: boolean;
  remote_settled: boolean;
}

export interface AmqpLink extends EventEmitter {
  name: string;
  session: AmqpSession;
  connection: AmqpConnection;
  local: {
    handle: number;
    attach: {
      snd_settle_mode?: number;
      rcv_settle_mode?: number;
      max_message_size?: number;
      properties?: Record<string, unknown>;
    };
  };
  remote: { attach?: { name: string; source: Terminus | null; target: Terminus | null; snd_settle_mode?: number } };
  source: Terminus | null;
  target: Terminus | null;
  credit: number;
  delivery_count: number;
  issue_flow: boolean;
  set_source(fields: object): void;
  set_target(fields: object): void;
  close(error?: AmqpError): void;
  is_open(): boolean;
  is_sender(): boolean;
}

export interface AmqpSender extends AmqpLink {
  _get_drain: () => boolean;
  _draining: boolean;
  send(message: unknown, tag?: Buffer, format?: number): AmqpDelivery;
}

export interface AmqpSession extends EventEmitter {
  connection: AmqpConnection;
  outgoing: {
    next_transfer_id: number;
    next_pending_delivery: number;
    remote_window: number | undefined;
    available(): number;
    transfer_window(): number;
    process: () => void;
    deliveries: { pop_if(test: (delivery: AmqpDelivery) => boolean): number };
  };
  incoming: {
    on_transfer: (frame: Frame<{ message_format?: number | null }>, link: AmqpLink) => void;
  };
  remote: { handles: Record<number, AmqpLink | undefined> };
  on_attach: (frame: Frame<Attach>) => void;
  on_detach: (frame: Frame<{ handle: number }>) => void;
  on_flow: (frame: Frame<{ handle?: number | null }>) => void;
  on_disposition: (frame: Frame<Disposition>) => void;
  output(frame: object): void;
  is_open(): boolean;
}

export interface AmqpConnection extends EventEmitter {
  find_sender(test: (sender: AmqpSender) => boolean): AmqpSender | undefined;
  accept(socket: Socket): void;
  close(error?: AmqpError): void;
  _register(): void;
  _disconnected(): void;
}
