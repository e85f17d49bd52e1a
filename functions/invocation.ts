import { randomBytes } from 'node:crypto';
import type { InvocationContext } from '@azure/functions';
import { newTrace, readTrace, spanIdOf, spanUnder, type Trace, traceIdOf } from '../shared/trace.ts';
import { current } from './current.ts';

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/**
 * Runs a handler as one span of the trace its caller stands in. Each log line it leads to carries `trace` and `span`, and each message
 * it sends names this span as its parent.
 */
export function asSpan<Result>(context: InvocationContext, input: unknown, handler: () => Result): Result {
  const parent = parentOf(context, input);
  const span = parent === null ? newTrace(hex(16), hex(8)) : spanUnder(parent, hex(8));
  return current.run({ context, ids: { trace: traceIdOf(span), span: spanIdOf(span) }, onward: span }, handler);
}

/**
 * What the host says, which makes it of a request's header or of a message's `Diagnostic-Id` and puts its own span between; never the
 * trigger's metadata, which a message's body may overwrite. A caller's own header goes before a trace the host began in its stead.
 */
function parentOf({ traceContext }: InvocationContext, input: unknown): Trace | null {
  const told = readTrace(traceContext?.traceParent, traceContext?.traceState);
  const sent = headersOf(input);
  const asked = sent === null ? null : readTrace(sent.get('traceparent'), sent.get('tracestate'));
  return asked !== null && (told === null || traceIdOf(told) !== traceIdOf(asked)) ? asked : told;
}

function headersOf(input: unknown): { get(name: string): string | null } | null {
  const headers: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, 'headers') : null;
  return headers instanceof Headers ? headers : null;
}
