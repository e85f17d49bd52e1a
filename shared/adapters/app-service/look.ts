import type { Site, SiteConfigResource, StringDictionary } from '@azure/arm-appservice';
import {
  getConfiguration,
  getConfigurationSlot,
  listApplicationSettings,
  listApplicationSettingsSlot,
} from '@azure/arm-appservice/api/webApps';
import type { Look, WarmUpPing } from '../../lane/look.ts';
import type { Policy, SiteRef } from '../../lane/policy.ts';
import type { IntentId } from '../../lane/words.ts';
import { type Arm, READ_DEADLINE_MS } from './arm.ts';
import { translated } from './arm-errors.ts';
import { type HostBook, readSlot, type SlotName } from './hosts.ts';
import { publishedUnder } from './publish.ts';
import type { Reach } from './reach.ts';
import { slotLook } from './slot-look.ts';
import { answeredVersion } from './version-from.ts';

export interface LookQuestion {
  versionFrom: Policy['versionFrom'];
  intent: IntentId | null;
  freshConnections: number;
}

/**
 * Everything a look holds, read side by side. The reads go through the same token and the same kept
 * connections as an act that follows. Throws Unavailable or LastingFailure: a look with a part missing would be a guess.
 */
export async function look(
  arm: Arm,
  book: HostBook,
  reach: Reach,
  now: () => Date,
  site: SiteRef,
  { versionFrom, intent, freshConnections }: LookQuestion,
): Promise<Look> {
  const began = now();
  const slot = async (name: SlotName) => {
    const found = await readSlot(arm, site, name);
    const hosts = book.learn(site, name, found);
    return { found, hosts, ...(await slotLook(hosts, reach, versionFrom)) };
  };
  const fresh = async (): Promise<(string | null)[]> => {
    if (versionFrom === undefined) return [];
    const { app } = await book.of(site, 'production');
    return Promise.all(Array.from({ length: freshConnections }, () => answeredVersion(reach.fresh, app, versionFrom)));
  };
  const [production, staging, freshAnswers, config, warmUpPing] = await Promise.all([
    slot('production'),
    slot('staging'),
    fresh(),
    configOf(arm, site),
    warmUpPings(arm, site),
  ]);
  return {
    began,
    at: now(),
    production: production.shown,
    staging: staging.shown,
    stamp: stampOf(production.found, staging.found),
    operation: production.found.inProgressOperationId ?? staging.found.inProgressOperationId ?? null,
    targetSwapSlot: production.found.targetSwapSlot || staging.found.targetSwapSlot || null,
    freshAnswers,
    rampUpPercent: rampUpPercent(config.production),
    autoSwapSlot: config.staging.autoSwapSlotName || config.production.autoSwapSlotName || null,
    warmUpPing,
    published: intent === null ? null : publishedUnder(staging.deployments, intent),
  };
}

/** The later stamp of both slots: a swap of either with a third one is noticed as well. */
function stampOf(...slots: Site[]): string | null {
  const stamps = slots.map(({ slotSwapStatus }) => slotSwapStatus?.timestampUtc?.toISOString() ?? '');
  return stamps.sort().at(-1) || null;
}

function rampUpPercent({ experiments }: SiteConfigResource): number {
  return (experiments?.rampUpRules ?? []).reduce((sum, { reroutePercentage = 0 }) => sum + reroutePercentage, 0);
}

async function configOf(
  arm: Arm,
  { resourceGroup, name, slot }: SiteRef,
): Promise<Record<SlotName, SiteConfigResource>> {
  const options = { abortSignal: AbortSignal.timeout(READ_DEADLINE_MS) };
  try {
    const [production, staging] = await Promise.all([
      getConfiguration(arm.reads, resourceGroup, name, options),
      getConfigurationSlot(arm.reads, resourceGroup, name, slot, options),
    ]);
    return { production, staging };
  } catch (error) {
    throw translated(`reading the configuration of ${name}`, error);
  }
}

async function warmUpPings(arm: Arm, { resourceGroup, name, slot }: SiteRef): Promise<Record<SlotName, WarmUpPing>> {
  const options = { abortSignal: AbortSignal.timeout(READ_DEADLINE_MS) };
  try {
    const [production, staging] = await Promise.all([
      listApplicationSettings(arm.reads, resourceGroup, name, options),
      listApplicationSettingsSlot(arm.reads, resourceGroup, name, slot, options),
    ]);
    return { production: pingIn(production), staging: pingIn(staging) };
  } catch (error) {
    throw translated(`reading the settings of ${name}`, error);
  }
}

/** The other settings are secrets for all we know: nothing else of them leaves this function. */
function pingIn({ properties = {} }: StringDictionary): WarmUpPing {
  return {
    path: properties.WEBSITE_SWAP_WARMUP_PING_PATH ?? null,
    statuses: properties.WEBSITE_SWAP_WARMUP_PING_STATUSES ?? null,
  };
}
