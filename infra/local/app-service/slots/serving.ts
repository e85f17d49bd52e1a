import { join } from 'node:path';
import { liveSlot, type Site, storedSlot, type World } from '../world.ts';
import type { Served } from './runner.ts';
import { underStickyOf, workerEnvironment } from './settings.ts';
import type { WorkerSpec } from './worker.ts';

/**
 * The process a slot's content runs as, under the sticky settings and the name of `as`: of the slot itself, or of another
 * one it is being prepared for. Undefined where nothing was ever published.
 */
export function specOf(world: World, site: Site, slotName: string, as: string): WorkerSpec | undefined {
  const { content, appSettings } = storedSlot(site, slotName);
  if (content.folder === null) return undefined;
  const settings = underStickyOf(
    appSettings,
    storedSlot(site, as).appSettings,
    site.stored.slotConfigNames.appSettingNames,
  );
  return {
    folder: join(world.config.dataDir, 'packages', content.folder),
    env: workerEnvironment(settings, { site: site.name, slot: as, hostName: liveSlot(site, as).hostName }),
    logFile: join(world.config.dataDir, 'logs', `${site.name}-${as}.log`),
    startLimitMs: world.timing.startLimitMs,
  };
}

/** Restarts a slot under its own settings, or under those of the slot a pending preview prepares it for. */
export function restart(
  world: World,
  site: Site,
  slotName: string,
  atLeastMs = world.timing.restartMs,
): Promise<Served> {
  const as = storedSlot(site, slotName).targetSwapSlot ?? slotName;
  return liveSlot(site, slotName).runner.serve(specOf(world, site, slotName, as), atLeastMs);
}
