import { resetSlotConfigurationSlot } from '@azure/arm-appservice/api/webApps';
import type { SiteRef } from '../../lane/policy.ts';
import type { IntentId } from '../../lane/words.ts';
import type { Sent } from '../../ports.ts';
import type { Arm } from './arm.ts';
import { sentOnce } from './sent.ts';

/** Gives up a swap with preview that is pending on the staging slot. */
export const sendReset = (
  arm: Arm,
  { resourceGroup, name, slot }: SiteRef,
  intent: IntentId,
  deadlineMs: number,
): Promise<Sent> =>
  sentOnce(intent, deadlineMs, async (options) => {
    await resetSlotConfigurationSlot(arm.acts, resourceGroup, name, slot, options);
    return { token: null };
  });
