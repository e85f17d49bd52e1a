import { listApplicationSettingsSlot, updateApplicationSettingsSlot } from '@azure/arm-appservice/api/webApps';
import type { SiteRef } from '../../lane/policy.ts';
import type { IntentId } from '../../lane/words.ts';
import type { Sent } from '../../ports.ts';
import { type Arm, READ_DEADLINE_MS } from './arm.ts';
import { translated } from './arm-errors.ts';
import { sentOnce } from './sent.ts';

/** All settings of staging. Throws Unavailable or LastingFailure. */
export async function readSettings(arm: Arm, { resourceGroup, name, slot }: SiteRef): Promise<Record<string, string>> {
  const options = { abortSignal: AbortSignal.timeout(READ_DEADLINE_MS) };
  try {
    const settings = await listApplicationSettingsSlot(arm.reads, resourceGroup, name, slot, options);
    return settings.properties ?? {};
  } catch (error) {
    throw translated(`reading the settings of ${slot}`, error);
  }
}

/** Replaces all settings of staging; production's are its owner's, and writing them would restart what people are using. */
export const sendSettings = (
  arm: Arm,
  { resourceGroup, name, slot }: SiteRef,
  intent: IntentId,
  properties: Record<string, string>,
  deadlineMs: number,
): Promise<Sent> =>
  sentOnce(intent, deadlineMs, async (options) => {
    await updateApplicationSettingsSlot(arm.acts, resourceGroup, name, slot, { properties }, options);
    return { token: null };
  });
