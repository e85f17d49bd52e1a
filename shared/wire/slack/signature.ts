import { createHmac, timingSafeEqual } from 'node:crypto';

/** Slack signs with its own clock; what is older, or from further in the future, may be a recorded request played again. */
const MOST_SECONDS_OFF = 300;

export interface SignedHead {
  /** Header `x-slack-request-timestamp`. */
  timestamp: string | null;
  /** Header `x-slack-signature`. */
  signature: string | null;
}

export interface Signed extends SignedHead {
  /** The body exactly as it came. */
  raw: Uint8Array;
}

/** Whether Slack may have signed a request within five minutes of now: all that can be said before its body is read. */
export function mayBeFromSlack({ timestamp, signature }: SignedHead, now: Date): boolean {
  if (timestamp === null || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > MOST_SECONDS_OFF) return false;
  return signature !== null && /^v0=[0-9a-f]{64}$/.test(signature);
}

/**
 * Whether a request was signed by one of the secrets within five minutes of now: HMAC-SHA256 over `v0:<timestamp>:<body>`, as Slack
 * has it ("Verifying requests from Slack"). Every secret is tried, each compared in constant time.
 */
export function isFromSlack(secrets: readonly string[], signed: Signed, now: Date): boolean {
  const { timestamp, signature, raw } = signed;
  if (timestamp === null || signature === null || !mayBeFromSlack(signed, now)) return false;
  const given = Buffer.from(signature.slice(3), 'hex');
  let known = false;
  for (const secret of secrets) {
    if (secret === '') continue;
    const made = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(raw).digest();
    if (timingSafeEqual(made, given)) known = true;
  }
  return known;
}
