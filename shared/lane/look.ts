import type { Identity } from './words.ts';

/** What one slot shows at one moment. */
export interface SlotLook {
  identity: Identity;
  /** False when the app did not answer its version although a path is configured: the Kudu id alone is then known. */
  answers: boolean;
}

/** What both slots, ARM and the front door show at one moment. A look is never a finding by itself: what is shown may lag. */
export interface Look {
  at: Date;
  production: SlotLook;
  staging: SlotLook;
  /** `slotSwapStatus.timestampUtc` of the last completed swap, as text; null before the first. */
  stamp: string | null;
  /** `inProgressOperationId` of either slot. */
  operation: string | null;
  /** Set while a swap with preview is pending on either slot. */
  targetSwapSlot: string | null;
  /** The versions production answered on new connections (empty where no path is configured); null: no usable answer. */
  freshAnswers: (string | null)[];
  /** Share of production traffic routed elsewhere by ramp-up rules, in percent. */
  rampUpPercent: number;
  /** Name of the slot this site swaps with by itself, if any. */
  autoSwapSlot: string | null;
  /** `WEBSITE_SWAP_WARMUP_PING_PATH` and `_STATUSES` of each slot. */
  warmUpPing: { production: WarmUpPing; staging: WarmUpPing };
  /** What Kudu on staging knows of the publish asked about; null where none was asked about. */
  published: Published | null;
}

/** A publish found by the intent id it was sent with. */
export type Published =
  | { state: 'none' }
  | { state: 'running'; kudu: string }
  | { state: 'failed'; kudu: string; because: string }
  /** Complete and successful; `active` says whether it is what the slot holds. */
  | { state: 'complete'; kudu: string; active: boolean };

export interface WarmUpPing {
  path: string | null;
  statuses: string | null;
}

export function sameIdentity(a: Identity, b: Identity): boolean {
  return a.kudu === b.kudu && a.version === b.version;
}

/**
 * Whether a slot holds what is expected. An app that does not answer may be broken: its Kudu id alone then tells, unless
 * `mustAnswer`, which is asked of the slot whose content is to serve people.
 */
export function holds(slot: SlotLook, expected: Identity, mustAnswer: boolean): boolean {
  if (slot.identity.kudu !== expected.kudu) return false;
  if (!slot.answers) return !mustAnswer && expected.kudu !== null;
  return slot.identity.version === expected.version;
}

/** Two looks that show the same, moments and single answers aside. */
export function sameLook(a: Look, b: Look): boolean {
  return (
    sameIdentity(a.production.identity, b.production.identity) &&
    sameIdentity(a.staging.identity, b.staging.identity) &&
    a.production.answers === b.production.answers &&
    a.stamp === b.stamp &&
    a.operation === b.operation &&
    a.targetSwapSlot === b.targetSwapSlot
  );
}
