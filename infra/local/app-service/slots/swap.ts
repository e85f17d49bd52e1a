import { setTimeout as sleep } from 'node:timers/promises';
import type { Refusal, StoredOperation } from '../state.ts';
import { liveSlot, type OldView, type Site, storedSlot, type World } from '../world.ts';
import { begin, end, refusedAsBusy, refusedAsPrepared, type Sender } from './operations.ts';
import { restart, specOf } from './serving.ts';
import { underStickyOf } from './settings.ts';
import { warmUp } from './warm-up.ts';

export type SwapStart = { operation: StoredOperation; ended: Promise<void> } | { refusal: Refusal };

/**
 * Accepts a swap of `source` (the slot that is prepared) with `target`, or refuses it. Its phases then run by themselves:
 * preparing and restarting the source under the target's sticky settings, warming it, switching the front doors, settling the
 * former target under the source's settings. A failure before the switch puts the source back and leaves the target untouched.
 */
export function startSwap(world: World, site: Site, source: string, target: string, sender: Sender): SwapStart {
  const completesPreview = storedSlot(site, source).targetSwapSlot === target;
  const refusal = refusedAsBusy(site, Date.now()) ?? (completesPreview ? undefined : refusedAsPrepared(site));
  if (refusal !== undefined) return { refusal };
  const operation = begin(world, site, { name: 'SwapSiteSlots', slot: source, target, phase: 'preparing' }, sender);
  world.events.raise(site.name, 'SlotSwapStarted', operation);
  return { operation, ended: run(world, site, operation, source, target, completesPreview) };
}

async function run(
  world: World,
  site: Site,
  operation: StoredOperation,
  source: string,
  target: string,
  isPrepared: boolean,
): Promise<void> {
  const error =
    (isPrepared ? undefined : await restarting(world, site, operation, source, target)) ??
    (await warming(world, site, operation, source, target));
  if (world.closing) return;
  if (error !== undefined) {
    storedSlot(site, source).targetSwapSlot = null;
    // The site is held until the source is itself again.
    await restart(world, site, source, 0);
    if (!world.closing) end(world, site, operation, error);
    return;
  }
  operation.phase = 'switching';
  await sleep(world.timing.switchMs);
  if (world.closing) return;
  exchange(world, site, operation, source, target);
  await Promise.all([restart(world, site, source, world.timing.restartMs), sleep(world.timing.settleMs)]);
  if (world.closing) return;
  complete(world, site, operation);
}

async function restarting(
  world: World,
  site: Site,
  operation: StoredOperation,
  source: string,
  target: string,
): Promise<Refusal | undefined> {
  operation.phase = 'restarting';
  const served = await liveSlot(site, source).runner.serve(specOf(world, site, source, target), world.timing.restartMs);
  if (served === 'up') return undefined;
  return {
    status: 400,
    code: 'BadRequest',
    message: `Cannot swap site slots for site '${site.name}' because the worker process for '${source}' slot could not be started.`,
  };
}

async function warming(
  world: World,
  site: Site,
  operation: StoredOperation,
  source: string,
  target: string,
): Promise<Refusal | undefined> {
  operation.phase = 'warming';
  const { runner, hostName } = liveSlot(site, source);
  const worker = runner.worker;
  const settings = underStickyOf(
    storedSlot(site, source).appSettings,
    storedSlot(site, target).appSettings,
    site.stored.slotConfigNames.appSettingNames,
  );
  const [isWarm] = await Promise.all([
    worker === undefined ? runner.isEmpty : warmUp(worker, settings, hostName, world.timing.pingTimeoutMs),
    sleep(world.timing.warmupMs),
  ]);
  if (isWarm && !world.closing && !takeArmedFailure(world, site.name)) return undefined;
  return {
    status: 417,
    code: 'ExpectationFailed',
    message: `Cannot swap site slots for site '${site.name}' because the '${source}' slot did not respond to http ping.`,
  };
}

function takeArmedFailure(world: World, site: string): boolean {
  const key = [site, '*'].find((name) => (world.failingSwaps.get(name) ?? 0) > 0);
  if (key === undefined) return false;
  world.failingSwaps.set(key, (world.failingSwaps.get(key) ?? 0) - 1);
  return true;
}

/** The one moment in which traffic moves: content, settings that are not sticky, and the runners change places, all at once. */
function exchange(world: World, site: Site, operation: StoredOperation, source: string, target: string): void {
  const [a, b] = [storedSlot(site, source), storedSlot(site, target)];
  const sticky = site.stored.slotConfigNames.appSettingNames;
  const views = new Map<string, OldView>([
    [source, { content: a.content, slotSwapStatus: a.slotSwapStatus }],
    [target, { content: b.content, slotSwapStatus: b.slotSwapStatus }],
  ]);
  const settings = [
    underStickyOf(b.appSettings, a.appSettings, sticky),
    underStickyOf(a.appSettings, b.appSettings, sticky),
  ] as const;
  const contents = [b.content, a.content] as const;
  [a.appSettings, b.appSettings] = settings;
  [a.content, b.content] = contents;
  a.targetSwapSlot = null;
  operation.switched = true;
  operation.phase = 'settling';
  world.state.save();

  const [doorA, doorB] = [liveSlot(site, source), liveSlot(site, target)];
  [doorA.runner, doorB.runner] = [doorB.runner, doorA.runner];
  site.lag = world.timing.lagMs > 0 ? { views, untilMs: Number.POSITIVE_INFINITY, after: operation } : null;
  world.onSwitched(operation);
}

/** The end of a swap that was switched: both slots say so. Also what becomes of one that a kill interrupted after the switch. */
export function complete(world: World, site: Site, operation: StoredOperation): void {
  const timestampUtc = new Date().toISOString();
  for (const name of [operation.slot, operation.target ?? operation.slot]) {
    const slot = storedSlot(site, name);
    slot.slotSwapStatus = { timestampUtc, sourceSlotName: operation.slot, destinationSlotName: operation.target ?? '' };
    slot.lastModifiedTimeUtc = timestampUtc;
  }
  if (site.lag !== null) site.lag.untilMs = Date.now() + world.timing.lagMs;
  end(world, site, operation, null);
}
