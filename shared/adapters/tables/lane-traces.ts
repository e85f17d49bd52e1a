import type { Traces } from '../../ports.ts';
import { readTrace } from '../../trace.ts';
import type { Row } from './row.ts';

/** A property of the lane row, where there are any: nothing is decided by them, so they are no part of the lane. */
export const tracesBeside = (traces: Traces): { traces?: string } =>
  Object.keys(traces).length === 0 ? {} : { traces: JSON.stringify(traces) };

/** The traces beside a lane row; what cannot be read is as if it were not there. */
export function tracesIn({ traces }: Row): Traces {
  const kept = Object.entries(read(traces)).flatMap(([deployment, one]) => {
    const { traceparent, tracestate } = Object(one) as { traceparent?: unknown; tracestate?: unknown };
    const trace = readTrace(traceparent, tracestate);
    return trace === null ? [] : [[deployment, trace] as const];
  });
  return Object.fromEntries(kept);
}

function read(text: unknown): object {
  try {
    return Object(JSON.parse(String(text ?? '{}')));
  } catch {
    return {};
  }
}
