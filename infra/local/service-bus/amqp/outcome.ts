import rhea from 'rhea';
import type { ServiceBusError } from '../service-bus-error.ts';
import type { AmqpError } from './rhea-internals.ts';

/** What a receiver says about a delivery (AMQP 1.0, part 3.4), as Service Bus understands it. */
export type Outcome =
  | { kind: 'complete' }
  | { kind: 'abandon'; changes: Record<string, unknown> }
  | { kind: 'defer' }
  | { kind: 'dead-letter'; reason?: string; description?: string; changes: Record<string, unknown> }
  | { kind: 'release' };

interface RemoteState {
  constructor: { composite_type?: string };
  undeliverable_here?: boolean;
  message_annotations?: Record<string, unknown>;
  error?: { info?: Record<string, unknown> };
}

export function readOutcome(state: unknown): Outcome {
  if (state === undefined || state === null) return { kind: 'release' };
  const outcome = unwrapOutcome(state);
  switch (outcome.constructor.composite_type) {
    case 'accepted':
      return { kind: 'complete' };
    case 'rejected':
      return deadLetter(outcome.error?.info ?? {});
    case 'modified':
      if (outcome.undeliverable_here === true) return { kind: 'defer' };
      return { kind: 'abandon', changes: outcome.message_annotations ?? {} };
    default:
      return { kind: 'release' };
  }
}

function deadLetter(info: Record<string, unknown>): Outcome {
  const { DeadLetterReason: reason, DeadLetterErrorDescription: description, ...changes } = info;
  return {
    kind: 'dead-letter',
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof description === 'string' ? { description } : {}),
    changes,
  };
}

interface Codec {
  unwrap_outcome(state: unknown): RemoteState;
  accepted(): { described(): object };
  rejected(fields: { error: AmqpError }): { described(): object };
}

const codec = rhea.message as unknown as Codec;

const unwrapOutcome = (state: unknown): RemoteState => codec.unwrap_outcome(state);

export const accepted = (): object => codec.accepted().described();

export const rejected = (error: ServiceBusError): object => codec.rejected({ error: amqpError(error) }).described();

export const amqpError = ({ condition, message }: ServiceBusError): AmqpError => ({ condition, description: message });
