import { AsyncLocalStorage } from 'node:async_hooks';
import type { InvocationContext } from '@azure/functions';
import type { Trace } from '../shared/trace.ts';

/** The invocation that runs, and what it is about just now. */
export interface Current {
  context: Pick<InvocationContext, 'log' | 'error'>;
  /** On each of its log lines: `trace`, `span`, and the ids of what it is about. */
  ids: Readonly<Record<string, unknown>>;
  /** What is sent now continues this; null: it begins a trace of its own. */
  onward: Trace | null;
}

/** Follows each invocation through everything it awaits, so that no call hands its ids on. */
export const current = new AsyncLocalStorage<Current>();
