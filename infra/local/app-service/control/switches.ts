import type { Answer } from '../call.ts';
import type { Timing } from '../config.ts';
import type { World } from '../world.ts';
import { FAULT_NAMES, type Fault, type FaultMatch, type FaultName, type Faults } from './faults.ts';

const bad = (error: string): Answer => ({ status: 400, body: { error } });
const armed: Answer = { status: 200, body: { armed: true } };

/**
 * Arms one thing that goes wrong:
 * `{match?, fault, …}` a fault of calls (see Fault) · `{fault: 'swap-fails-after-acceptance', site?, times?}` the next swaps
 * fail in their warm-up · `{fault: 'stuck-target-swap-slot', site, slot?, target?}` a preview somebody left pending ·
 * `{operationVisibleMs?, lagMs?}` from now on.
 */
export function armFrom(world: World, faults: Faults, body: Record<string, unknown>): Answer {
  const name = body.fault;
  if (name === undefined) return switchTiming(world, body);
  if (name === 'swap-fails-after-acceptance') {
    world.failingSwaps.set(String(body.site ?? '*'), Number(body.times ?? 1));
    return armed;
  }
  if (name === 'stuck-target-swap-slot') return stick(world, body);
  if (!FAULT_NAMES.includes(name as FaultName))
    return bad(`no fault '${String(name)}'; there is ${FAULT_NAMES.join(', ')}`);
  if (['late', 'delay'].includes(String(name)) && typeof body.delayMs !== 'number') return bad('delayMs is missing');
  if (name === 'status' && typeof body.status !== 'number') return bad('status is missing');
  const { match, ...fault } = body;
  faults.arm((match ?? {}) as FaultMatch, fault as Fault);
  return armed;
}

/** Everything armed or switched is as configured again. A stuck preview stays: it is part of the site, until it is reset. */
export function clearAll(world: World, faults: Faults, configured: Timing): void {
  faults.clear();
  world.failingSwaps.clear();
  world.timing = { ...configured };
}

function switchTiming(world: World, body: Record<string, unknown>): Answer {
  const known = ['operationVisibleMs', 'lagMs'] as const;
  const given = known.filter((key) => typeof body[key] === 'number');
  if (given.length === 0) return bad('name a fault, or switch operationVisibleMs or lagMs');
  for (const key of given) world.timing[key] = Number(body[key]);
  return armed;
}

function stick(world: World, body: Record<string, unknown>): Answer {
  const stored = world.sites.get(String(body.site))?.stored.slots[String(body.slot ?? 'staging')];
  if (stored === undefined) return bad('no such site and slot');
  stored.targetSwapSlot = String(body.target ?? 'production');
  world.state.save();
  return armed;
}
