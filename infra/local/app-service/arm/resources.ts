import { shownOperationId } from '../slots/operations.ts';
import { liveSlot, type Site, shown, storedSlot, type World } from '../world.ts';

/** The resource id of a site, or of one of its slots (production has the site's own). */
export function resourceId(world: World, site: Site, slot: string): string {
  const { subscriptionId, resourceGroup } = world.config;
  const base = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Web/sites/${site.name}`;
  return slot === 'production' ? base : `${base}/slots/${slot}`;
}

/** What GET of a site or slot answers; times end in Z. */
export function siteResource(world: World, site: Site, slot: string): object {
  const nowMs = Date.now();
  const { hostName, scmHostName } = liveSlot(site, slot);
  const stored = storedSlot(site, slot);
  const name = slot === 'production' ? site.name : `${site.name}/${slot}`;
  return {
    id: resourceId(world, site, slot),
    name,
    type: slot === 'production' ? 'Microsoft.Web/sites' : 'Microsoft.Web/sites/slots',
    kind: 'app,linux',
    location: 'West Europe',
    tags: {},
    properties: {
      name: site.name,
      state: 'Running',
      hostNames: [hostName],
      enabledHostNames: [hostName, scmHostName],
      defaultHostName: hostName,
      hostNameSslStates: [
        { name: hostName, sslState: 'Disabled', hostType: 'Standard' },
        { name: scmHostName, sslState: 'Disabled', hostType: 'Repository' },
      ],
      enabled: true,
      availabilityState: 'Normal',
      usageState: 'Normal',
      reserved: true,
      httpsOnly: false,
      resourceGroup: world.config.resourceGroup,
      lastModifiedTimeUtc: stored.lastModifiedTimeUtc,
      targetSwapSlot: stored.targetSwapSlot,
      slotSwapStatus: shown(site, slot, nowMs).slotSwapStatus,
      inProgressOperationId: shownOperationId(world, site, slot, nowMs),
    },
  };
}

/** What config/web answers: what was written, over what a Linux web app for Node begins with. */
export function webConfigResource(world: World, site: Site, slot: string): object {
  return {
    id: `${resourceId(world, site, slot)}/config/web`,
    name: 'web',
    type: 'Microsoft.Web/sites/config',
    location: 'West Europe',
    properties: {
      numberOfWorkers: 1,
      linuxFxVersion: 'NODE|20-lts',
      alwaysOn: true,
      autoSwapSlotName: null,
      experiments: { rampUpRules: [] },
      ...storedSlot(site, slot).webConfig,
    },
  };
}

export function appSettingsResource(world: World, site: Site, slot: string): object {
  return {
    id: `${resourceId(world, site, slot)}/config/appsettings`,
    name: 'appsettings',
    type: 'Microsoft.Web/sites/config',
    location: 'West Europe',
    properties: storedSlot(site, slot).appSettings,
  };
}

export function slotConfigNamesResource(world: World, site: Site): object {
  return {
    id: `${resourceId(world, site, 'production')}/config/slotConfigNames`,
    name: 'slotConfigNames',
    type: 'Microsoft.Web/sites/config',
    location: 'West Europe',
    properties: site.stored.slotConfigNames,
  };
}
