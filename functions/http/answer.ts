import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import type { Actor } from '../../shared/lane/words.ts';
import { LastingFailure, LostRace, Unavailable, Unreadable } from '../../shared/ports.ts';
import { BadSettings } from '../../shared/settings.ts';
import { faultOf, logOf } from '../log.ts';
import { runtime } from '../runtime.ts';
import { NothingHere } from './asked.ts';
import { notFound, problem } from './problem.ts';
import { BodyRefused } from './read-body.ts';
import type { Scheme } from './scheme.ts';

/** What a handler is given once the caller is known and may do this. */
export interface Asked<Caller> {
  request: HttpRequest;
  context: InvocationContext;
  /** What the route's door knows of them. */
  caller: Caller;
  /** A value of the route. */
  param(name: string): string;
  /** A value of the query; null where absent. */
  query(name: string): string | null;
}

/** Most routes take a bearer token, which names its caller. */
export type Handler<Caller = Actor> = (asked: Asked<Caller>) => Promise<HttpResponseInit>;

/**
 * Answers one request. The door comes first: until it lets the caller in, no handler runs and none is even loaded. It never throws; a
 * fault is an answer too.
 */
export async function answer<Caller>(
  scheme: Scheme<Caller>,
  load: () => Promise<Handler<Caller>>,
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  try {
    const admission = await (await scheme.door())(request);
    if ('refused' in admission) {
      const { refused, because } = admission;
      // One line, and nothing of the request: whoever sent it is not known.
      logOf(context).info('http', { refused: refused.status, because });
      return refused;
    }
    const unusable = scheme.opens === null ? await fileFault() : null;
    if (unusable !== null) return notConfigured(unusable, context);
    const handler = await load();
    return await handler(askedBy(request, context, admission.caller));
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

function askedBy<Caller>(request: HttpRequest, context: InvocationContext, caller: Caller): Asked<Caller> {
  return {
    request,
    context,
    caller,
    param: (name) => request.params[name] ?? '',
    query: (name) => request.query.get(name),
  };
}

/** A fault as the caller sees it; what is not the caller's to know is only in the log. */
function refusal(error: unknown, context: InvocationContext): HttpResponseInit {
  if (error instanceof NothingHere) return notFound();
  if (error instanceof BodyRefused) return problem(error.status, error.message);
  if (error instanceof Unreadable) return problem(422, error.message);
  if (error instanceof BadSettings) return notConfigured(error, context);
  logOf(context).error('http', faultOf(error));
  if (error instanceof LostRace) return problem(409, 'somebody else changed this at the same time; try again');
  if (error instanceof Unavailable)
    return problem(503, 'something this needs does not answer now; try again', { 'retry-after': '5' });
  if (error instanceof LastingFailure) return problem(422, error.message);
  return problem(500, `see the log of invocation ${context.invocationId}`);
}
