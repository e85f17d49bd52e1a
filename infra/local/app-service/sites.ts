import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AppServiceConfig, SiteConfig } from './config.ts';
import { end } from './slots/operations.ts';
import { unpack } from './slots/package.ts';
import { finish } from './slots/publish.ts';
import { complete } from './slots/swap.ts';
import { emptySlot, type StateFile, type StoredContent, type StoredSite } from './state.ts';
import type { Site, World } from './world.ts';

export const slotNames = (config: SiteConfig): string[] => ['production', ...config.slots];

/** What is stored of a site; one, or a slot, that is declared for the first time is made as the declaration says. */
export async function storedSiteOf(config: AppServiceConfig, state: StateFile, name: string): Promise<StoredSite> {
  const site = config.sites[name];
  if (site === undefined) throw new Error(`no site ${name} is declared`);
  const stored = state.stored.sites[name] ?? {
    slots: {},
    slotConfigNames: {
      appSettingNames: site.stickySettings ?? [],
      connectionStringNames: [],
      azureStorageConfigNames: [],
    },
    operations: [],
  };
  state.stored.sites[name] = stored;
  for (const slot of slotNames(site)) {
    if (stored.slots[slot] !== undefined) continue;
    const made = emptySlot({ ...site.appSettings?.[slot] });
    const zip = site.initialZip?.[slot];
    if (zip !== undefined)
      made.content = await contentOf(config.dataDir, zip).catch((cause: unknown) => {
        throw new Error(`the initial package of ${name}/${slot} cannot be used: ${zip}`, { cause });
      });
    stored.slots[slot] = made;
  }
  return stored;
}

async function contentOf(dataDir: string, zip: string): Promise<StoredContent> {
  const folder = randomUUID();
  await unpack(readFileSync(zip), join(dataDir, 'packages', folder), null);
  const now = new Date().toISOString();
  const deployment: StoredContent['deployments'][number] = {
    id: randomUUID(),
    status: 0,
    statusText: '',
    author: 'N/A',
    authorEmail: 'N/A',
    deployer: 'ZipDeploy',
    message: 'Created via a push deployment',
    progress: '',
    receivedTime: now,
    startTime: now,
    endTime: null,
    lastSuccessEndTime: null,
    complete: false,
    log: [],
  };
  finish(deployment, 4, 'Deployment successful.');
  return { folder, activeId: deployment.id, deployments: [deployment] };
}

/**
 * Ends what a stop or kill left running: a swap that had exchanged the front doors is completed, one that had not has failed
 * and its source is what it was; a publish has failed, and the content before it goes on.
 */
export function endInterrupted(world: World, site: Site): void {
  for (const { content } of Object.values(site.stored.slots)) {
    for (const deployment of content.deployments)
      if (!deployment.complete) finish(deployment, 3, 'The deployment was interrupted by a restart.');
  }
  for (const operation of site.stored.operations) {
    if (operation.status !== 'running') continue;
    if (operation.switched) complete(world, site, operation);
    else if (operation.name === 'Deployment') end(world, site, operation, null);
    else
      end(world, site, operation, {
        status: 500,
        code: 'InternalServerError',
        message: 'The operation was interrupted by a restart.',
      });
  }
}

/** Removes the packages no slot runs: of older publishes, and of such as were interrupted. */
export function removeUnusedPackages(dataDir: string, sites: Record<string, StoredSite>): void {
  const used = new Set(
    Object.values(sites).flatMap(({ slots }) => Object.values(slots).map(({ content }) => content.folder)),
  );
  const packages = join(dataDir, 'packages');
  mkdirSync(packages, { recursive: true });
  for (const folder of existsSync(packages) ? readdirSync(packages) : [])
    if (!used.has(folder)) rmSync(join(packages, folder), { recursive: true, force: true });
}
