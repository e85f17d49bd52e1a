/** Where something stands in a distributed trace: W3C Trace Context, always well formed. What follows it names its span as the parent. */
export interface Trace {
  /** `00-<trace id>-<span id>-<flags>`. */
  traceparent: string;
  /** What vendors carry along; null where there is none. */
  tracestate: string | null;
}

/** Version, trace id, parent id, flags; a version after 00 may have more behind. */
const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** `sampled`, and `random` of level 2; what no specification names yet is not passed on. */
const KNOWN_FLAGS = 0x03;
const SAMPLED = 0x01;

/**
 * Reads `traceparent` and `tracestate` as they came from outside, by the rules of W3C Trace Context (sections 3.2 and 3.3). Null: it is
 * none, and whoever asked begins a trace of their own. A bad `tracestate` is left out and spoils nothing.
 */
export function readTrace(traceparent: unknown, tracestate: unknown): Trace | null {
  const read = typeof traceparent === 'string' ? form.exec(traceparent) : null;
  if (read === null) return null;
  const [, version = '', traceId = '', spanId = '', flags = '', more] = read;
  if (version === 'ff' || (version === '00' && more !== undefined)) return null;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceparent: written(traceId, spanId, Number.parseInt(flags, 16)), tracestate: readState(tracestate) };
}

/** The next span of a trace. `spanId`: 16 random lower-case hex characters, not all zero. */
export const spanUnder = (parent: Trace, spanId: string): Trace => ({
  traceparent: written(traceIdOf(parent), spanId, Number.parseInt(parent.traceparent.slice(53), 16)),
  tracestate: parent.tracestate,
});

/** The first span of a trace of its own. `traceId`: 32 random lower-case hex characters. */
export const newTrace = (traceId: string, spanId: string): Trace => ({
  traceparent: written(traceId, spanId, SAMPLED),
  tracestate: null,
});

export const traceIdOf = ({ traceparent }: Trace): string => traceparent.slice(3, 35);
export const spanIdOf = ({ traceparent }: Trace): string => traceparent.slice(36, 52);

const written = (traceId: string, spanId: string, flags: number): string =>
  `00-${traceId}-${spanId}-${(flags & KNOWN_FLAGS).toString(16).padStart(2, '0')}`;

const MOST_STATE = 512;
const MOST_MEMBERS = 32;
const member =
  /^(?:[a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

function readState(tracestate: unknown): string | null {
  if (typeof tracestate !== 'string' || tracestate.length > MOST_STATE) return null;
  const members = tracestate
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const usable = members.length > 0 && members.length <= MOST_MEMBERS && members.every((one) => member.test(one));
  return usable ? members.join(',') : null;
}
