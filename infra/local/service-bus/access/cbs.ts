import rhea from 'rhea';
import type { Request } from '../amqp/replies.ts';
import { asServiceBusError, notImplemented, ServiceBusError } from '../service-bus-error.ts';
import type { Claims } from './claims.ts';

export const cbsAddress = '$cbs';

/**
 * Answers a put-token request (claims-based security, as Service Bus has it). An unknown entity is refused here already:
 * the client then reports MessagingEntityNotFound at once instead of after its retries.
 */
export function answerCbs(
  request: Request,
  claims: Claims,
  requireEntity: (address: string) => void,
): { application_properties: Record<string, unknown>; body: unknown } {
  try {
    const { operation, name, type } = request.application_properties ?? {};
    if (operation !== 'put-token') throw notImplemented(`the operation '${String(operation)}' on $cbs`);
    if (type !== 'servicebus.windows.net:sastoken') throw notImplemented(`tokens of type '${String(type)}'`);
    if (typeof name !== 'string' || typeof request.body !== 'string')
      throw new ServiceBusError('com.microsoft:argument-error', 400, 'A put-token request needs a name and a token.');
    claims.put(name, request.body);
    requireEntity(name);
    return status(202, 'Accepted');
  } catch (error) {
    const { status: code, condition, message } = asServiceBusError(error);
    return status(code, message, condition);
  }
}

function status(code: number, description: string, condition?: string) {
  return {
    application_properties: {
      'status-code': rhea.types.wrap_int(code),
      'status-description': description,
      ...(condition === undefined ? {} : { 'error-condition': rhea.types.wrap_symbol(condition) }),
    },
    body: undefined,
  };
}
