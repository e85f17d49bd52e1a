import { randomBytes } from 'node:crypto';

/** As the host hands it to the worker; `traceParent` is the host's own span for this invocation. */
export interface RpcTraceContext {
  traceParent: string;
  traceState?: string;
  attributes?: Record<string, string>;
}

const form = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;
const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** What the host makes of a caller's W3C context: a span of its own under it, or a trace of its own where there is none that holds. */
export function hostSpan(traceparent?: unknown, tracestate?: unknown): RpcTraceContext {
  const [, traceId, flags] = (typeof traceparent === 'string' && form.exec(traceparent)) || [];
  if (traceId === undefined || flags === undefined) return { traceParent: `00-${hex(16)}-${hex(8)}-01` };
  const state = typeof tracestate === 'string' && tracestate !== '' ? { traceState: tracestate } : {};
  return { traceParent: `00-${traceId}-${hex(8)}-${flags}`, ...state };
}

/**
 * The context of one message: the extension makes it of the application property `Diagnostic-Id`, which carries no state. The W3C
 * names beside it are read by newer libraries only, so nothing here must depend on them.
 */
export const messageSpan = (properties: Record<string, unknown> | undefined): RpcTraceContext =>
  hostSpan(properties?.['Diagnostic-Id']);
