import { app } from '@azure/functions';
import type { Right } from '../../shared/wire/access.ts';
import { faultOf, logOf } from '../log.ts';
import type { Handler } from './answer.ts';

type Method = 'GET' | 'POST';

/**
 * Declares one route under /api/v1; what answers it is loaded with the first request. Every HTTP trigger is anonymous to the platform
 * and passes through `answer`, which knows the caller. It catches everything, because with streaming on a handler that throws leaves
 * the caller without an answer.
 */
export function route(name: string, method: Method, path: string, right: Right, handler: () => Promise<Handler>): void {
  app.http(name, {
    methods: [method],
    authLevel: 'anonymous',
    route: `api/v1/${path}`,
    handler: async (request, context) => {
      try {
        const [{ answer }, loaded] = await Promise.all([import('./answer.ts'), handler()]);
        return await answer(right, loaded, request, context);
      } catch (error) {
        logOf(context).error('http', faultOf(error));
        return { status: 500 };
      }
    },
  });
}
