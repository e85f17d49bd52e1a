import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import type { Actor } from '../../shared/lane/words.ts';
import { LastingFailure, Unavailable, Unreadable } from '../../shared/ports.ts';
import { BadSettings } from '../../shared/settings.ts';
import { type Right, whoAsks } from '../../shared/wire/access.ts';
import { faultOf, logOf } from '../log.ts';
import { runtime } from '../runtime.ts';
import { problem } from './problem.ts';
import { BodyRefused } from './read-body.ts';

/** What a handler is given once the caller is known and may do this. */
export interface Asked {
  request: HttpRequest;
  context: InvocationContext;
  actor: Actor;
  /** A value of the route. */
  param(name: string): string;
  /** A value of the query; null where absent. */
  query(name: string): string | null;
}

export type Handler = (asked: Asked) => Promise<HttpResponseInit>;

/** Answers one request: no handler runs before the caller is known and has the right. It never throws; a fault is an answer too. */
export async function answer(
  right: Right,
  handler: Handler,
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  try {
    const { tokens } = await runtime.settings();
    const who = whoAsks(tokens, request.headers.get('authorization'));
    if (who === null)
      return problem(401, 'send a known token: Authorization: Bearer …', { 'www-authenticate': 'Bearer' });
    if (!who.rights.includes(right)) return problem(403, `this token may not ${right}`);
    const unusable = await fileFault();
    if (unusable !== null) return notConfigured(unusable, context);
    return await handler(askedBy(request, context, { name: who.name }));
  } catch (error) {
    return refusal(error, context);
  }
}

/** Why the owner's file cannot be used; null where it can. It is the service's fault and not the caller's, whatever was asked. */
async function fileFault(): Promise<LastingFailure | null> {
  try {
    await runtime.ports();
    return null;
  } catch (error) {
    if (error instanceof LastingFailure) return error;
    throw error;
  }
}

function notConfigured(error: Error, context: InvocationContext): HttpResponseInit {
  logOf(context).error('http', faultOf(error));
  return problem(503, 'the service is not configured; its log names everything that is wrong');
}

function askedBy(request: HttpRequest, context: InvocationContext, actor: Actor): Asked {
  return {
    request,
    context,
    actor,
    param: (name) => request.params[name] ?? '',
    query: (name) => request.query.get(name),
  };
}

/** A fault as the caller sees it; what is not the caller's to know is only in the log. */
function refusal(error: unknown, context: InvocationContext): HttpResponseInit {
  if (error instanceof BodyRefused) return problem(error.status, error.message);
  if (error instanceof Unreadable) return problem(422, error.message);
  if (error instanceof BadSettings) return notConfigured(error, context);
  logOf(context).error('http', faultOf(error));
  if (error instanceof Unavailable)
    return problem(503, 'something this needs does not answer now; try again', { 'retry-after': '5' });
  if (error instanceof LastingFailure) return problem(422, error.message);
  return problem(500, `see the log of invocation ${context.invocationId}`);
}
