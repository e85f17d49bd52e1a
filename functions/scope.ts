import type { About, Scope } from '../shared/ports.ts';
import { spanUnder, traceIdOf } from '../shared/trace.ts';
import { traceIn } from '../shared/wire/cloud-event-trace.ts';
import { type Current, current } from './current.ts';

/** What is going on in the invocation that runs. Where none does there are no lines to mark and nothing to continue. */
export const scope: Scope = {
  trace: () => current.getStore()?.onward ?? null,

  within(about, work) {
    const outer = current.getStore();
    return outer === undefined ? work() : current.run(inside(outer, about), work);
  },
};

function inside(outer: Current, { trace, ...ids }: About): Current {
  const named = { ...outer, ids: { ...outer.ids, ...ids } };
  if (trace === undefined) return named;
  if (trace === null) return { ...named, onward: null };
  const id = traceIdOf(trace);
  const onward = spanUnder(trace, String(outer.ids.span));
  if (id === outer.ids.trace) return { ...named, onward };
  // The span stays the invocation's; the trace it was called in is linked, where it now works for another.
  const link = outer.ids.link ?? outer.ids.trace;
  return { ...named, ids: { ...named.ids, trace: id, link }, onward };
}

/** The trace that an event names goes before the one it was handed on in: who carried it here may have begun one of their own. */
export function continuing(event: unknown): About {
  const trace = traceIn(event);
  return trace === null ? {} : { trace };
}
