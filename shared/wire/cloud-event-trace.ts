import { readTrace, type Trace } from '../trace.ts';

/**
 * The trace a CloudEvent in structured JSON names (extension "distributed tracing"): the one it began in, whatever carried it here.
 * Null: it names none that can be continued. `raw`: as it came, a text or read already.
 */
export function traceIn(raw: unknown): Trace | null {
  const event = typeof raw === 'string' ? parsed(raw) : raw;
  if (typeof event !== 'object' || event === null || !('specversion' in event)) return null;
  return readTrace(Reflect.get(event, 'traceparent'), Reflect.get(event, 'tracestate'));
}

/** A CloudEvent that says which trace it belongs to. One that says so already, and a body that is no CloudEvent, stay as they are. */
export function withTrace(body: object, trace: Trace | null): object {
  if (trace === null || !('specversion' in body) || 'traceparent' in body) return body;
  const { traceparent, tracestate } = trace;
  return { ...body, traceparent, ...(tracestate === null ? {} : { tracestate }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
