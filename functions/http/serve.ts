import { app, type HttpResponseInit } from '@azure/functions';
import { noteFault } from '../note-fault.ts';
import type { Handler } from './answer.ts';
import { Scheme } from './scheme.ts';

export type Method = 'GET' | 'POST';

/** Written out, because what writes problems may be what could not be loaded. */
const failed = (): HttpResponseInit => ({
  status: 500,
  headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  body: '{"type":"about:blank","status":500,"title":"Internal Server Error","detail":"this cannot be answered; the log says why"}',
});

/**
 * Declares one address and how its caller is known: the only place where HTTP is registered. Every trigger is anonymous to the
 * platform and passes through `answer`, which asks the scheme's door first and loads the handler after it. It catches everything, because with
 * streaming on a handler that throws leaves the caller without an answer. Throws TypeError for a route without a scheme, or with one that is not
 * for it.
 */
export function serve<Caller>(
  name: string,
  method: Method,
  path: string,
  scheme: Scheme<Caller>,
  load: () => Promise<Handler<Caller>>,
): void {
  if (!(scheme instanceof Scheme) || !scheme.mayServe(name))
    throw new TypeError(`the route ${name} has no scheme that it may have`);
  app.http(name, {
    methods: [method],
    authLevel: 'anonymous',
    route: path,
    handler: async (request, context) => {
      try {
        const { answer } = await import('./answer.ts');
        return await answer(scheme, load, request, context);
      } catch (error) {
        await noteFault(context, 'http', error);
        return failed();
      }
    },
  });
}
