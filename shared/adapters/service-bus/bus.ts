import type { TokenCredential } from '@azure/identity';
import {
  isServiceBusError,
  type RetryOptions,
  ServiceBusClient,
  type ServiceBusMessage,
  type ServiceBusSender,
} from '@azure/service-bus';
import { LastingFailure, Unavailable } from '../../ports.ts';
import type { Trace } from '../../trace.ts';

export type BusConnection = { connectionString: string } | { namespace: string };

/** A message as we send it: an id always, a session and a due time where they mean something. */
export interface Outgoing {
  messageId: string;
  /** An object travels as JSON, a Buffer as its bytes. */
  body: object;
  sessionId?: string | undefined;
  /** Not before this instant. */
  at?: Date | undefined;
}

/** Sends to queues and topics of one namespace: one client, one connection, one link per entity. */
export interface Bus {
  /** Throws Unavailable, or LastingFailure for a message the service will never take. */
  send(entity: string, message: Outgoing): Promise<void>;
  close(): Promise<void>;
}

/** Three tries of 5 s with short pauses: at most 20 s in all; what is then still down is met by the same input, due later. */
const retryOptions: RetryOptions = { maxRetries: 2, timeoutInMs: 5_000, retryDelayInMs: 500, maxRetryDelayInMs: 2_000 };

/** `credential` is asked for where the connection is a namespace; `trace`: what a message sent now continues. */
export function openBus(connection: BusConnection, credential: () => TokenCredential, trace: () => Trace | null): Bus {
  const client =
    'namespace' in connection
      ? new ServiceBusClient(connection.namespace, credential(), { retryOptions })
      : new ServiceBusClient(connection.connectionString, { retryOptions });
  const senders = new Map<string, ServiceBusSender>();
  const senderOf = (entity: string): ServiceBusSender => {
    const sender = senders.get(entity) ?? client.createSender(entity);
    senders.set(entity, sender);
    return sender;
  };

  return {
    async send(entity, message) {
      try {
        await senderOf(entity).sendMessages(toMessage(message, trace()));
      } catch (error) {
        throw translated(`sending ${message.messageId} to ${entity}`, error);
      }
    },
    close: () => client.close(),
  };
}

function toMessage({ messageId, body, sessionId, at }: Outgoing, trace: Trace | null): ServiceBusMessage {
  return {
    messageId,
    body,
    contentType: 'application/json',
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(at === undefined ? {} : { scheduledEnqueueTimeUtc: at }),
    ...(trace === null ? {} : { applicationProperties: propertiesOf(trace) }),
  };
}

/**
 * `Diagnostic-Id` is what the Functions host and the SDKs make the receiver's trace of; the W3C names are there for everybody else. They
 * lie beside the body, whose form they do not change.
 */
const propertiesOf = ({ traceparent, tracestate }: Trace): Record<string, string> => ({
  'Diagnostic-Id': traceparent,
  traceparent,
  ...(tracestate === null ? {} : { tracestate }),
});

function translated(what: string, error: unknown): Error {
  const tooLarge = isServiceBusError(error) && error.code === 'MessageSizeExceeded';
  // The client refuses malformed messages before sending them, by plain TypeErrors and RangeErrors.
  if (tooLarge || error instanceof TypeError || error instanceof RangeError)
    return new LastingFailure(`${what}: ${tooLarge ? 'the message is too large' : error.message}`, { cause: error });
  return new Unavailable(`${what}: ${isServiceBusError(error) ? error.code : 'Service Bus does not answer'}`, {
    cause: error,
  });
}
