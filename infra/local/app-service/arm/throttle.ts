import type { Bucket } from '../config.ts';

export interface Throttle {
  /** Takes one call out of the bucket; where it is empty, the seconds to wait. */
  take(kind: 'reads' | 'writes', nowMs: number): { remaining: number; retryAfterSeconds: number | null };
}

/** ARM's token buckets, one for reads and one for writes. Asking again too early costs nothing here, on Azure it renews the wait. */
export function throttleOf(buckets: { reads: Bucket; writes: Bucket }): Throttle {
  const level = { reads: buckets.reads.burst, writes: buckets.writes.burst };
  const at = { reads: 0, writes: 0 };
  return {
    take(kind, nowMs) {
      const { burst, perSecond } = buckets[kind];
      const refill = at[kind] === 0 ? burst : ((nowMs - at[kind]) / 1000) * perSecond;
      level[kind] = Math.min(burst, level[kind] + refill);
      at[kind] = nowMs;
      if (level[kind] < 1) {
        return { remaining: 0, retryAfterSeconds: Math.max(1, Math.ceil((1 - level[kind]) / perSecond)) };
      }
      level[kind] -= 1;
      return { remaining: Math.floor(level[kind]), retryAfterSeconds: null };
    },
  };
}
