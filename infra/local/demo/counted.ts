/** One request of the client to production's front door, from its beginning to its end. */
export interface Answered {
  /** Milliseconds since 1970. */
  beganAt: number;
  endedAt: number;
  /** On a connection kept from an earlier request, or on one of its own. */
  kept: boolean;
  /** Null: no answer came. */
  status: number | null;
  /** The version that answered, as it says itself; null where it does not say. */
  version: string | null;
  /** Served: a 2xx, whole, with the content that was asked for. */
  ok: boolean;
  /** What went wrong; empty when served. */
  why: string;
}

export interface Tally {
  served: number;
  failed: number;
}

/** What a stretch of traffic came to. */
export interface Counted extends Tally {
  requests: number;
  kept: Tally;
  fresh: Tally;
  seconds: number;
  perSecond: number;
  byVersion: Record<string, Tally>;
  /** What went wrong, and how often. */
  whys: Record<string, number>;
}

/** Counts the requests that began in [from, to), in milliseconds since 1970. */
export function count(answered: readonly Answered[], from: number, to: number): Counted {
  const counted: Counted = {
    requests: 0,
    served: 0,
    failed: 0,
    kept: { served: 0, failed: 0 },
    fresh: { served: 0, failed: 0 },
    seconds: Math.max(0, to - from) / 1_000,
    perSecond: 0,
    byVersion: {},
    whys: {},
  };
  for (const one of answered) {
    if (one.beganAt < from || one.beganAt >= to) continue;
    const version = one.version ?? 'unknown';
    counted.byVersion[version] ??= { served: 0, failed: 0 };
    const end = one.ok ? 'served' : 'failed';
    counted.requests += 1;
    for (const tally of [counted, one.kept ? counted.kept : counted.fresh, counted.byVersion[version]]) tally[end] += 1;
    if (!one.ok) counted.whys[one.why] = (counted.whys[one.why] ?? 0) + 1;
  }
  counted.perSecond = counted.seconds === 0 ? 0 : counted.requests / counted.seconds;
  return counted;
}

/** When production went from one version to another as the client saw it: the last answer of the old, the first of the new. */
export function switchSeen(
  answered: readonly Answered[],
  from: string,
  to: string,
): { lastOld: Answered; firstNew: Answered } | null {
  const inOrder = [...answered].sort((a, b) => a.beganAt - b.beganAt);
  const firstNew = inOrder.find(({ version }) => version === to);
  if (firstNew === undefined) return null;
  // A version may come back later: only what it answered before the other one came counts.
  const lastOld = inOrder.findLast(({ version, beganAt }) => version === from && beganAt <= firstNew.beganAt);
  return lastOld === undefined ? null : { lastOld, firstNew };
}
