import { createHmac, timingSafeEqual } from 'node:crypto';

/** Slack signs with its own clock; what is older, or from further in the future, may be a recorded request played again. */
const MOST_SECONDS_OFF = 300;

export interface Signed {
  /** Header `x-slack-request-timestamp`. */
  timestamp: string | null;
  /** Header `x-slack-signature`. */
  signature: string | null;
  /** The body exactly as it came. */
  raw: Uint8Array;
}

/**
 * Whether a request was signed by one of the secrets within five minutes of now: HMAC-SHA256 over `v0:<timestamp>:<body>`, as Slack
 * has it ("Verifying requests from Slack"). Every secret is tried, each compared in constant time.
 */
export function isFromSlack(secrets: readonly string[], { timestamp, signature, raw }: Signed, now: Date): boolean {
  if (timestamp === null || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > MOST_SECONDS_OFF) return false;
  if (signature === null || !/^v0=[0-9a-f]{64}$/.test(signature)) return false;
  const given = Buffer.from(signature.slice(3), 'hex');
  let known = false;
  for (const secret of secrets) {
    if (secret === '') continue;
    const made = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(raw).digest();
    if (timingSafeEqual(made, given)) known = true;
  }
  return known;
}
