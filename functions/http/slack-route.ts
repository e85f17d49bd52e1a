import { app } from '@azure/functions';
import { faultOf, logOf } from '../log.ts';
import type { SlackHandler } from './slack-door.ts';

/**
 * Declares an address that Slack posts to; what answers it is loaded with the first request. It catches everything, because with
 * streaming on a handler that throws leaves the caller without an answer.
 */
export function slackRoute<Asked>(name: string, path: string, handler: () => Promise<SlackHandler<Asked>>): void {
  app.http(name, {
    methods: ['POST'],
    authLevel: 'anonymous',
    route: `slack/${path}`,
    handler: async (request, context) => {
      try {
        const [{ slackAnswer }, loaded] = await Promise.all([import('./slack-door.ts'), handler()]);
        return await slackAnswer(loaded, request, context);
      } catch (error) {
        logOf(context).error('slack', faultOf(error));
        return { status: 500 };
      }
    },
  });
}
