import type { InvocationContext } from '@azure/functions';

/** One line of the log about a fault at a place that may not fail itself. What writes the log is loaded with the first of them, not at the start. */
export async function noteFault(context: InvocationContext, what: string, fault: unknown): Promise<void> {
  try {
    const { faultOf, logOf } = await import('./log.ts');
    logOf(context).error(what, faultOf(fault));
  } catch {
    context.error(JSON.stringify({ what, fault: 'what writes the log cannot be loaded' }));
  }
}
