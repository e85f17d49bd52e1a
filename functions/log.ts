import type { InvocationContext } from '@azure/functions';
import type { Log } from '../shared/ports.ts';
import { logLine } from './log-line.ts';

/** One structured line per handled message: ids and the decision; never bodies, headers or tokens. */
export function logOf(context: InvocationContext): Log {
  return {
    info: (what, facts) => context.log(logLine(what, facts)),
    error: (what, facts) => context.error(logLine(what, facts)),
  };
}

/** What is said of a fault in a log: its kind and message, and where it began. */
export function faultOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { fault: 'something that is no error was thrown' };
  const cause = error.cause instanceof Error ? { cause: `${error.cause.name}: ${error.cause.message}` } : {};
  return { fault: `${error.name}: ${error.message}`, at: error.stack?.split('\n')[1]?.trim(), ...cause };
}
