import type { SiteRef } from '../../lane/policy.ts';
import type { IntentId } from '../../lane/words.ts';
import type { Sent } from '../../ports.ts';
import type { Arm } from './arm.ts';
import { sentOnce } from './sent.ts';

/**
 * Sets what a swap asks of the staging slot before it counts as warm. Production's settings are its owner's: writing them
 * restarts what people are using. The PUT replaces all settings of the slot, so they are read right before it.
 */
export async function sendWarmUpPing(
  arm: Arm,
  { resourceGroup, name, slot }: SiteRef,
  intent: IntentId,
  ping: { path: string; statuses: string },
  deadlineMs: number,
): Promise<Sent> {
  const ends = Date.now() + deadlineMs;
  let before: Record<string, string>;
  try {
    const options = { abortSignal: AbortSignal.timeout(deadlineMs) };
    const settings = await arm.reads.webApps.listApplicationSettingsSlot(resourceGroup, name, slot, options);
    before = settings.properties ?? {};
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return { end: 'refused', because: `nothing was sent: the settings of ${slot} could not be read: ${because}` };
  }
  const properties = {
    ...before,
    WEBSITE_SWAP_WARMUP_PING_PATH: ping.path,
    WEBSITE_SWAP_WARMUP_PING_STATUSES: ping.statuses,
  };
  return sentOnce(intent, Math.max(1, ends - Date.now()), async (options) => {
    await arm.acts.webApps.updateApplicationSettingsSlot(resourceGroup, name, slot, { properties }, options);
    return { token: null };
  });
}
