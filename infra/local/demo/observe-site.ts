import { WebSiteManagementClient } from '@azure/arm-appservice';
import type { SiteRef } from '../../../shared/lane/policy.ts';
import type { Received } from '../app-service/control/request-log.ts';
import { signToken } from '../identity/token.ts';

/** What ARM says of a slot. */
export interface SlotSeen {
  /** When the last swap it took part in was completed, and from where to where. */
  swappedAt: Date | null;
  swap: string;
  operation: string | null;
}

/** A site as others than the service see it: ARM, its front doors, and what the local App Service was asked for. */
export interface SiteView {
  arm(slot: 'production' | 'staging'): Promise<SlotSeen>;
  /** Every call ARM and Kudu received after call `n` that changes a site, in order. */
  actsSince(n: number): Promise<Received[]>;
  /** The number of the last call received. */
  lastCall(): Promise<number>;
  /** What a slot runs, as App Service itself knows: Kudu's active deployment. */
  contentOf(slot: string): Promise<string | null>;
  /** What a front door answers on so many new connections. */
  versions(slot: 'production' | 'staging', connections: number): Promise<string[]>;
  /** A person's own act in the portal. */
  person(act: Record<string, unknown>): Promise<{ status: number; body: unknown }>;
}

export interface SiteAddresses {
  arm: string;
  control: string;
  production: string;
  staging: string;
}

/** `certificate`: what ARM shows. `tokenKey`: the local Azure's own, of which a person's sign-in is made. */
export function watchSite(site: SiteRef, at: SiteAddresses, certificate: string, tokenKey: string): SiteView {
  const credential = { getToken: async () => personsToken(tokenKey) };
  const arm = new WebSiteManagementClient(credential, site.subscriptionId, {
    endpoint: at.arm,
    tlsOptions: { ca: certificate },
    retryOptions: { maxRetries: 1 },
  });
  const received = async (since: number): Promise<Received[]> =>
    ((await control(`${at.control}/_control/requests?since=${since}`)) as { requests: Received[] }).requests;
  return {
    async arm(slot) {
      const found =
        slot === 'production'
          ? await arm.webApps.get(site.resourceGroup, site.name)
          : await arm.webApps.getSlot(site.resourceGroup, site.name, site.slot);
      const { timestampUtc, sourceSlotName, destinationSlotName } = found.slotSwapStatus ?? {};
      return {
        swappedAt: timestampUtc ?? null,
        swap: timestampUtc === undefined ? 'never swapped' : `${sourceSlotName} → ${destinationSlotName}`,
        operation: found.inProgressOperationId ?? null,
      };
    },
    actsSince: async (n) => (await received(n)).filter(isAct),
    lastCall: async () => (await received(0)).at(-1)?.n ?? 0,
    async contentOf(slot) {
      const state = (await control(`${at.control}/_control/state`)) as State;
      return state.sites[site.name]?.slots[slot]?.content.activeId ?? null;
    },
    versions: (slot, connections) =>
      Promise.all(
        Array.from({ length: connections }, () => versionAt(slot === 'production' ? at.production : at.staging)),
      ),
    async person(act) {
      const body = JSON.stringify({ site: site.name, slot: site.slot, ...act });
      const answer = await fetch(`${at.control}/_control/person`, { method: 'POST', body });
      return { status: answer.status, body: await answer.json() };
    },
  };
}

interface State {
  sites: Record<string, { slots: Record<string, { content: { activeId: string | null } }> }>;
}

/** Reading settings is a POST in ARM; it changes nothing. */
const isAct = ({ method, path }: Received): boolean => method !== 'GET' && !/\/config\/[a-z]+\/list(\?|$)/i.test(path);

export const isSwap = ({ path }: Received): boolean => /\/slotsswap(\?|$)/i.test(path);
export const isPublish = ({ surface }: Received): boolean => surface === 'kudu';

async function control(url: string): Promise<unknown> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${new URL(url).pathname} answered ${answer.status}`);
  return answer.json();
}

/** The header keeps the client from taking a connection that was used before. */
async function versionAt(origin: string): Promise<string> {
  const answer = await fetch(`${origin}/version.json`, { headers: { connection: 'close' } });
  if (!answer.ok) return `status ${answer.status}`;
  return ((await answer.json()) as { version: string }).version;
}

function personsToken(key: string): { token: string; expiresOnTimestamp: number } {
  const now = Math.floor(Date.now() / 1_000);
  const person = '00000000-0000-0000-0000-0000000000ff';
  const claims = {
    aud: 'https://management.azure.com/',
    iss: 'local',
    oid: person,
    appid: person,
    iat: now,
    nbf: now,
    exp: now + 3_600,
  };
  return { token: signToken(claims, key), expiresOnTimestamp: claims.exp * 1_000 };
}
