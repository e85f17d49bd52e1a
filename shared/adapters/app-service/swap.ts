import { restorePoller } from '@azure/arm-appservice';
import { swapSlot } from '@azure/arm-appservice/api/webApps';
import type { Polled } from '../../lane/effect.ts';
import type { SiteRef } from '../../lane/policy.ts';
import type { IntentId } from '../../lane/words.ts';
import { type Sent, Unavailable } from '../../ports.ts';
import type { Arm } from './arm.ts';
import { statusOf, translated } from './arm-errors.ts';
import { sentOnce } from './sent.ts';

const POLL_DEADLINE_MS = 10_000;

/** Only for an intent this very invocation has claimed. The staging slot is in the path: it is the side that is prepared. */
export const sendSwap = (arm: Arm, site: SiteRef, intent: IntentId, deadlineMs: number): Promise<Sent> =>
  sentOnce(intent, deadlineMs, async (options) => {
    const { resourceGroup, name, slot } = site;
    const how = { targetSlot: 'production', preserveVnet: true };
    // The poller is thenable: awaited itself, it would wait for the end of the swap. `submitted` waits for the answer alone.
    const poller = swapSlot(arm.acts, resourceGroup, name, slot, how, options);
    await poller.submitted();
    return { token: await poller.serialize() };
  });

/**
 * One poll from the token as it was saved: a poll that fails spoils the poller's own state, so that is never saved in its
 * place. Throws Unavailable. What it says is a hint: only looks make a finding.
 */
export async function pollSwap(arm: Arm, token: string): Promise<Polled> {
  const first = await pollOnce(arm, token);
  // Twice 404 or 5xx: ARM has lost the operation, or this reader's way to it. Once may be one bad server of many.
  return first.state === 'lost' ? pollOnce(arm, token) : first;
}

async function pollOnce(arm: Arm, token: string): Promise<Polled> {
  const poller = restored(arm, token);
  if (poller === null) return { state: 'lost', because: 'no poller can be made of the token' };
  try {
    const { status, error } = await poller.poll({ abortSignal: AbortSignal.timeout(POLL_DEADLINE_MS) });
    if (status === 'succeeded') return { state: 'ended', well: true, because: 'ARM says it succeeded' };
    if (status === 'failed' || status === 'canceled')
      return { state: 'ended', well: false, because: error?.message ?? `ARM says it ${status}` };
    return { state: 'running' };
  } catch (error) {
    return readFailure(error);
  }
}

function restored(arm: Arm, token: string): ReturnType<typeof restorePoller> | null {
  try {
    // Typed for the SDK's client class; it takes what that class wraps as well (restorePollerHelpers.js: `client._client ?? client`).
    const client = arm.reads as unknown as Parameters<typeof restorePoller>[0];
    return restorePoller(client, token, swapSlot);
  } catch {
    return null;
  }
}

const lostStatuses = new Set([401, 403, 404, 409]);

function readFailure(error: unknown): Polled {
  if (error instanceof Unavailable) throw error;
  const because = error instanceof Error ? error.message : String(error);
  const status = statusOf(error);
  // 409 among them: the service says it of an operation that goes on (azure.md §2.2), so it proves no end.
  const isLost = status !== null && (lostStatuses.has(status) || status >= 500);
  if (isLost) return { state: 'lost', because };
  if (status !== null && status !== 408 && status !== 429) return { state: 'ended', well: false, because };
  // An operation that ended badly by its own account comes as a plain Error.
  if (status === null && error instanceof Error && error.name === 'Error')
    return { state: 'ended', well: false, because };
  throw translated('polling the swap', error);
}
