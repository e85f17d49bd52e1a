import rhea from 'rhea';
import type { Request } from '../amqp/replies.ts';
import type { Queue } from '../broker/queue.ts';
import type { Topic } from '../broker/topic.ts';
import { asServiceBusError, notImplemented } from '../service-bus-error.ts';
import { operations } from './operations.ts';
import { RequestBody } from './request-body.ts';

/** Answers one request to an entity's $management. It never rejects: a failure is an answer as well. */
export async function answerManagement(
  request: Request,
  entity: Queue | Topic,
): Promise<{ application_properties: Record<string, unknown>; body: unknown }> {
  try {
    const name = String(request.application_properties?.operation);
    const operation = operations[name];
    if (operation === undefined) throw notImplemented(`the operation '${name}'`);
    const body = await operation(entity, new RequestBody(request.body));
    return { application_properties: status(body === undefined ? 204 : 200, 'OK'), body: body ?? {} };
  } catch (error) {
    const { status: code, condition, message } = asServiceBusError(error);
    return {
      application_properties: { ...status(code, message), errorCondition: rhea.types.wrap_symbol(condition) },
      body: {},
    };
  }
}

function status(code: number, description: string): Record<string, unknown> {
  return { statusCode: rhea.types.wrap_int(code), statusDescription: description };
}
