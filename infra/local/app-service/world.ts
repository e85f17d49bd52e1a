import type { AppServiceConfig, Timing } from './config.ts';
import type { Events } from './events.ts';
import type { Runner } from './slots/runner.ts';
import type { SlotSwapStatus, StateFile, StoredContent, StoredOperation, StoredSite, StoredSlot } from './state.ts';

/** A slot as it lives in this process: its addresses, and the runner its front door routes to. */
export interface LiveSlot {
  name: string;
  hostName: string;
  scmHostName: string;
  runner: Runner;
}

/** What reads still show of a slot while they lag behind a swap. */
export interface OldView {
  content: StoredContent;
  slotSwapStatus: SlotSwapStatus | null;
}

export interface Site {
  name: string;
  stored: StoredSite;
  slots: Map<string, LiveSlot>;
  /** The time before the last exchange, shown until `untilMs`; no other operation is taken meanwhile. */
  lag: { views: Map<string, OldView>; untilMs: number; after: StoredOperation } | null;
}

/** Everything the calls act on. */
export interface World {
  config: AppServiceConfig;
  /** The timing now in force: configuration, and what a test switched. */
  timing: Timing;
  state: StateFile;
  sites: Map<string, Site>;
  /** Swaps that are to fail in their warm-up, by site; `*` stands for any. */
  failingSwaps: Map<string, number>;
  /** True once the part is closing: phases under way stop where they are. */
  closing: boolean;
  events: Events;
  /** Told when an operation has exchanged the front doors. */
  onSwitched(operation: StoredOperation): void;
}

/** What is stored of a slot that is known to be there. */
export function storedSlot(site: Site, name: string): StoredSlot {
  const slot = site.stored.slots[name];
  if (slot === undefined) throw new Error(`site ${site.name} has no slot ${name}`);
  return slot;
}

export function liveSlot(site: Site, name: string): LiveSlot {
  const slot = site.slots.get(name);
  if (slot === undefined) throw new Error(`site ${site.name} has no slot ${name}`);
  return slot;
}

/** What a reader is shown of a slot: the present, or the time before the last swap while reads lag. */
export function shown(site: Site, name: string, nowMs: number): OldView {
  const old = site.lag !== null && nowMs < site.lag.untilMs ? site.lag.views.get(name) : undefined;
  return old ?? storedSlot(site, name);
}
