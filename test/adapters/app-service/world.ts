import { ManagedIdentityCredential } from '@azure/identity';
import { sitePort } from '../../../shared/adapters/app-service/site-port.ts';
import type { SiteRef } from '../../../shared/lane/policy.ts';
import type { IntentId } from '../../../shared/lane/words.ts';
import type { SitePort } from '../../../shared/ports.ts';
import { GROUP, type LocalAzure, localAzure, SUBSCRIPTION, until } from '../../local/app-service/local-azure.ts';
import { sampleZip } from '../../local/app-service/sample-zip.ts';
import { noScope } from '../../ports/no-scope.ts';
import { LOOPBACK } from '../loopback.ts';
import { trust } from '../trust.ts';

export const site: SiteRef = {
  subscriptionId: SUBSCRIPTION,
  resourceGroup: GROUP,
  name: 'storefront',
  slot: 'staging',
};
export const versionFrom = { path: '/', pointer: '/version' };
/** One request of an act is given up after this. */
export const DEADLINE_MS = 2_000;
export const SWAPS = { method: 'POST', path: '/slotsswap' };

export interface SiteWorld {
  azure: LocalAzure;
  port: SitePort;
}

/** A local App Service whose production runs 1.0.0 and whose staging runs 1.1.0, and the adapter that talks to it over https. */
export async function siteWorld(change: Parameters<typeof localAzure>[0] = {}): Promise<SiteWorld> {
  const azure = await localAzure(change);
  trust(azure.ca);
  await azure.publish('staging', sampleZip({ version: '1.1.0' }));
  await until(async () => (await azure.ask('staging')).about.version === '1.1.0');
  const port = sitePort(
    azure.addresses.arm,
    new ManagedIdentityCredential(),
    () => new Date(),
    LOOPBACK,
    noScope.trace,
  );
  return { azure, port };
}

let intents = 0;
export function freshIntent(): IntentId {
  intents += 1;
  return `0000000${intents}-1111-4222-8333-444444444444` as IntentId;
}

/** The calls that were received under an intent. */
export const receivedUnder = async ({ azure }: SiteWorld, intent: IntentId) =>
  (await azure.received()).filter(({ clientRequestId }) => clientRequestId === intent);
