/** A refusal the client is told about. `condition` is the AMQP error condition, `status` what a $management answer carries. */
export class ServiceBusError extends Error {
  readonly condition: string;
  readonly status: number;

  constructor(condition: string, status: number, message: string) {
    super(message);
    this.name = 'ServiceBusError';
    this.condition = condition;
    this.status = status;
  }
}

/** The client recognises this sentence and reports MessagingEntityNotFound. */
export const entityNotFound = (address: string): ServiceBusError =>
  new ServiceBusError('amqp:not-found', 404, `The messaging entity '${address}' could not be found.`);

export const messageLockLost = (): ServiceBusError =>
  new ServiceBusError(
    'com.microsoft:message-lock-lost',
    410,
    'The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.',
  );

export const sessionLockLost = (sessionId: string): ServiceBusError =>
  new ServiceBusError(
    'com.microsoft:session-lock-lost',
    410,
    `The session lock was lost for '${sessionId}'. Request a new session receiver.`,
  );

export const notAllowed = (message: string): ServiceBusError => new ServiceBusError('amqp:not-allowed', 400, message);

export const notImplemented = (what: string): ServiceBusError =>
  new ServiceBusError('amqp:not-implemented', 501, `This local Service Bus does not support ${what}.`);

/** Anything thrown that is not one of ours is a defect, and the client shall see that it is. */
export function asServiceBusError(thrown: unknown): ServiceBusError {
  if (thrown instanceof ServiceBusError) return thrown;
  return new ServiceBusError('amqp:internal-error', 500, thrown instanceof Error ? thrown.message : String(thrown));
}
