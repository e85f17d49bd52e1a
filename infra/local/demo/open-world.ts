import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { laneId } from '../../../shared/lane/words.ts';
import { parseApps } from '../../../shared/wire/policy/apps-file.ts';
import { ensureCertificate } from '../certificate.ts';
import type { StackAddresses } from '../stack.ts';
import { openAnnouncer } from './announce.ts';
import { askService } from './observe-service.ts';
import { watchSite } from './observe-site.ts';
import { messagesIn } from './observe-slack.ts';
import { readTables } from './observe-tables.ts';
import type { Screen } from './screen.ts';
import { startTraffic } from './traffic.ts';
import type { World } from './world.ts';

/** More than the fifty a second that are promised: the client shares the machine with all it asks. */
const PER_SECOND = 60;

export interface Opened {
  world: World;
  close(): Promise<void>;
}

/** Opens every view of a running stack, and starts the traffic. */
export async function openWorld(
  addresses: StackAddresses,
  { dataDir, appsFile, screen, signal }: { dataDir: string; appsFile: string; screen: Screen; signal: AbortSignal },
): Promise<Opened> {
  const lane = laneId('storefront', 'production');
  const apps = parseApps(readFileSync(appsFile, 'utf8'));
  const doors = addresses.sites[lane];
  const policy = apps.ok ? apps.value.policy(lane) : null;
  if (doors === undefined || policy === null) throw new Error(`${appsFile} has no lane ${lane}`);
  const { certFile } = await ensureCertificate(join(dataDir, 'certificate'));
  const { tokenKey } = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as { tokenKey: string };
  const packages = BlobServiceClient.fromConnectionString(addresses.storage).getContainerClient('packages');
  const announcer = openAnnouncer(addresses);
  const site = { arm: addresses.arm, control: addresses.control, ...doors };
  const channel = policy.slack?.channel ?? '';
  const traffic = startTraffic(doors.production, PER_SECOND);
  return {
    world: {
      lane,
      policy,
      dataDir,
      traffic,
      announcer,
      service: askService(addresses.service, addresses.token),
      site: watchSite(policy.site, site, readFileSync(certFile, 'utf8'), tokenKey),
      tables: readTables(addresses.storage, lane),
      slack: () => messagesIn(addresses.slack, channel),
      packages: { has: (sha256) => packages.getBlobClient(`${sha256}.zip`).exists() },
      screen,
      signal,
      announced: new Map(),
      stretches: new Map(),
    },
    async close() {
      await Promise.all([traffic.stop(), announcer.close()]);
    },
  };
}
