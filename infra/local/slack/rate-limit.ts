/** Slack's rule for posting: about one message a second in a channel, with short bursts allowed. */
export interface RateLimit {
  enabled: boolean;
  /** @returns seconds to wait when the channel is over its rate, else undefined and the call is counted */
  over(channel: string, nowMs: number): number | undefined;
}

const burst = 4;
const perSecond = 1;

/** A bucket of `burst` for each channel that fills by one a second. */
export function createRateLimit(enabled: boolean): RateLimit {
  const buckets = new Map<string, { level: number; at: number }>();
  return {
    enabled,
    over(channel, nowMs) {
      if (!this.enabled) return undefined;
      const { level, at } = buckets.get(channel) ?? { level: burst, at: nowMs };
      const filled = Math.min(burst, level + ((nowMs - at) / 1000) * perSecond);
      if (filled < 1) {
        buckets.set(channel, { level: filled, at: nowMs });
        return Math.ceil((1 - filled) / perSecond);
      }
      buckets.set(channel, { level: filled - 1, at: nowMs });
      return undefined;
    },
  };
}
