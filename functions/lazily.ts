import type { InvocationContext } from '@azure/functions';

type Handler = (event: unknown, context: InvocationContext) => Promise<void>;

/** A handler that is loaded with its first event. What cannot be loaded is thrown, so that the event comes again. */
export function lazily(load: () => Promise<Handler>): Handler {
  return async (event, context) => (await load())(event, context);
}
