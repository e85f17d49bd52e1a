import type { InvocationContext } from '@azure/functions';
import type { Log } from '../shared/ports.ts';
import { current } from './current.ts';
import { logLine } from './log-line.ts';

/**
 * One structured line per handled message: `what`, the ids of the invocation (`trace`, `span`) and of what it is about (`lane`,
 * `deployment`, `input`), and the facts; never bodies, headers or tokens.
 */
export function logOf(context: Pick<InvocationContext, 'log' | 'error'>): Log {
  return {
    info: (what, facts) => context.log(lineOf(what, facts)),
    error: (what, facts) => context.error(lineOf(what, facts)),
  };
}

/** For what has no invocation at hand: it is written as a line of the one that runs, or of the process where none does. */
export const log: Log = {
  info: (what, facts) => logOf(current.getStore()?.context ?? console).info(what, facts),
  error: (what, facts) => logOf(current.getStore()?.context ?? console).error(what, facts),
};

const lineOf = (what: string, facts: Record<string, unknown>): string =>
  logLine(what, { ...current.getStore()?.ids, ...facts });

/** What is said of a fault in a log: its kind and message, and where it began. */
export function faultOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { fault: 'something that is no error was thrown' };
  const cause = error.cause instanceof Error ? { cause: `${error.cause.name}: ${error.cause.message}` } : {};
  return { fault: `${error.name}: ${error.message}`, at: error.stack?.split('\n')[1]?.trim(), ...cause };
}
