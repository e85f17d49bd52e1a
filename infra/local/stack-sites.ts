import { existsSync, readFileSync, statSync } from 'node:fs';
import type { SiteRef } from '../../shared/lane/policy.ts';
import { parseApps } from '../../shared/wire/policy/apps-file.ts';
import type { AppServiceAddresses } from './app-service/config.ts';
import type { LocalSecrets } from './stack-secrets.ts';

/** A lane of the owner's file, and what its site is made with. */
export interface LaneSite {
  lane: string;
  site: SiteRef;
  ping: { path: string; statuses: string };
}

/** The lanes of apps.yaml, in its order. Throws one sentence. */
export function readLaneSites(file: string): LaneSite[] {
  if (!existsSync(file) || !statSync(file).isFile()) throw new Error(`there is no file ${file}; name one with --app`);
  const parsed = parseApps(readFileSync(file, 'utf8'));
  if (!parsed.ok) throw new Error(`${file} cannot be used: ${parsed.why}`);
  const sites = parsed.value.lanes().flatMap((lane) => {
    const policy = parsed.value.policy(lane);
    if (policy === null) return [];
    const ping = { path: policy.warmUp.path, statuses: policy.warmUp.statuses.join(',') };
    return [{ lane, site: policy.site, ping }];
  });
  const accounts = new Set(sites.map(({ site }) => `${site.subscriptionId}/${site.resourceGroup}`));
  if (accounts.size > 1) throw new Error(`${file}: the local App Service holds the sites of one resource group only`);
  return sites;
}

export interface SitePorts {
  production: number;
  staging: number;
  productionScm: number;
  stagingScm: number;
}

/** Ports of one site. */
export const PORTS_OF_A_SITE = 4;

/** Production has settings of its own that stay when content moves; the sample app reports its errors only there. */
export function siteConfig(
  { site, ping }: LaneSite,
  ports: SitePorts,
  zip: string,
  service: string,
  secrets: LocalSecrets,
): object {
  const warmUp = { WEBSITE_SWAP_WARMUP_PING_PATH: ping.path, WEBSITE_SWAP_WARMUP_PING_STATUSES: ping.statuses };
  return {
    slots: [site.slot],
    ports: {
      production: ports.production,
      [site.slot]: ports.staging,
      'production.scm': ports.productionScm,
      [`${site.slot}.scm`]: ports.stagingScm,
    },
    appSettings: {
      production: {
        ...warmUp,
        DATABASE: 'production',
        ERRORS_URL: `${service}/api/v1/errors`,
        ERRORS_TOKEN: secrets.operatorToken,
      },
      [site.slot]: { DATABASE: 'staging' },
    },
    stickySettings: [
      'DATABASE',
      'ERRORS_URL',
      'ERRORS_TOKEN',
      'WEBSITE_SWAP_WARMUP_PING_PATH',
      'WEBSITE_SWAP_WARMUP_PING_STATUSES',
    ],
    initialZip: { production: zip, [site.slot]: zip },
  };
}

/** Where people reach the site, and where its slot answers. */
export function frontDoors(
  addresses: AppServiceAddresses,
  site: string,
  slot: string,
): { production: string; staging: string } {
  const slots = addresses.sites[site] ?? {};
  const at = (name: string): string => `http://${slots[name]?.hostName ?? ''}`;
  return { production: at('production'), staging: at(slot) };
}
