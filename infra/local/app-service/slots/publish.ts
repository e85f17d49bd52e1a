import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Refusal, StoredDeployment } from '../state.ts';
import { liveSlot, type Site, storedSlot, type World } from '../world.ts';
import { aPerson, begin, end, refusedAsBusy } from './operations.ts';
import { unpack } from './package.ts';
import { restart } from './serving.ts';
import { startSwap } from './swap.ts';

/** Who publishes what. `zip` is fetched once the publish was accepted, so a source that fails makes a failed deployment. */
export interface Publish {
  zip: () => Promise<Uint8Array>;
  author: string;
  authorEmail: string;
  deployer: string;
  message: string;
  /** False: files of the package before stay where the new one has none. */
  clean: boolean;
}

export type PublishStart = { deployment: StoredDeployment; ended: Promise<void> } | { refusal: Refusal };

/** Accepts a publish to a slot, or refuses it while something else holds the site. A failed one leaves the old content running. */
export function startPublish(
  world: World,
  site: Site,
  slotName: string,
  publish: Publish,
  call: number | null,
): PublishStart {
  const refusal = refusedAsBusy(site, Date.now());
  if (refusal !== undefined) return { refusal };
  const { content } = storedSlot(site, slotName);
  const now = new Date().toISOString();
  const deployment: StoredDeployment = {
    id: randomUUID(),
    status: 0,
    statusText: 'Receiving changes.',
    author: publish.author,
    authorEmail: publish.authorEmail,
    deployer: publish.deployer,
    message: publish.message,
    progress: '',
    receivedTime: now,
    startTime: now,
    endTime: null,
    lastSuccessEndTime: null,
    complete: false,
    log: [{ at: now, message: 'Fetching changes.' }],
  };
  content.deployments.unshift(deployment);
  const operation = begin(
    world,
    site,
    { name: 'Deployment', slot: slotName, target: null, phase: 'publishing' },
    { call, clientRequestId: null },
  );
  const ended = run(world, site, slotName, publish, deployment).then(() => {
    if (world.closing) return;
    end(world, site, operation, null);
    if (deployment.status === 4) afterwards(world, site, slotName);
  });
  return { deployment, ended };
}

async function run(
  world: World,
  site: Site,
  slotName: string,
  publish: Publish,
  deployment: StoredDeployment,
): Promise<void> {
  const { content } = storedSlot(site, slotName);
  const packages = join(world.config.dataDir, 'packages');
  const folder = randomUUID();
  const pace = sleep(world.timing.publishMs);
  try {
    step(deployment, 1, 'Building and deploying.');
    const below = publish.clean || content.folder === null ? null : join(packages, content.folder);
    await unpack(await publish.zip(), join(packages, folder), below);
    step(deployment, 2, 'Deploying files.');
    await pace;
    if (world.closing) return;
    content.folder = folder;
    content.activeId = deployment.id;
    finish(deployment, 4, 'Deployment successful.');
    storedSlot(site, slotName).lastModifiedTimeUtc = new Date().toISOString();
  } catch (error) {
    if (!world.closing) finish(deployment, 3, error instanceof Error ? error.message : String(error));
  }
}

/** What follows a publish that went well: the slot restarts with the new files, and swaps by itself where it is told to. */
function afterwards(world: World, site: Site, slotName: string): void {
  const restarted = restart(world, site, slotName);
  const target = storedSlot(site, slotName).webConfig.autoSwapSlotName;
  if (typeof target !== 'string' || !site.slots.has(target) || target === slotName) return;
  void restarted.then(() => {
    if (!world.closing && liveSlot(site, slotName).runner.worker !== undefined)
      startSwap(world, site, slotName, target, aPerson);
  });
}

function step(deployment: StoredDeployment, status: 1 | 2, message: string): void {
  deployment.status = status;
  deployment.statusText = message;
  deployment.progress = message;
  deployment.log.push({ at: new Date().toISOString(), message });
}

/** Ends a deployment, well (4) or badly (3). */
export function finish(deployment: StoredDeployment, status: 3 | 4, message: string): void {
  const now = new Date().toISOString();
  deployment.status = status;
  deployment.statusText = status === 4 ? '' : message;
  deployment.progress = '';
  deployment.complete = true;
  deployment.endTime = now;
  if (status === 4) deployment.lastSuccessEndTime = now;
  deployment.log.push({ at: now, message });
}
