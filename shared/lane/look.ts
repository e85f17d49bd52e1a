import type { Identity } from './words.ts';

/** What one slot shows at one moment. */
export interface SlotLook {
  identity: Identity;
  /** False when the app did not answer its version although a path is configured: the Kudu id alone is then known. */
  answers: boolean;
}

/** What both slots, ARM and the front door show at one moment. A look is never a finding by itself: what is shown may lag. */
export interface Look {
  /** Before the first of its reads was sent: what it shows was so at this instant or later. */
  began: Date;
  /** After the last of them was answered: what it shows was so at this instant or earlier. */
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

/** An identity without id and version cannot tell one content from another. */
export const tellsApart = ({ kudu, version }: Identity): boolean => kudu !== null || version !== null;

/**
 * Whether a slot holds what is expected. An app that does not answer (now, or when it was adopted) may be broken: its Kudu id alone
 * then tells. `mustAnswer` is asked of the slot whose content is to serve people: it has to answer what is expected, now.
 */
export function holds(slot: SlotLook, expected: Identity, mustAnswer: boolean): boolean {
  const { kudu, version } = slot.identity;
  if (kudu !== expected.kudu || (mustAnswer && !slot.answers)) return false;
  if (slot.answers && version === expected.version) return true;
  if (kudu === null) return false;
  return expected.version === null || (!mustAnswer && (!slot.answers || version === null));
}

/** The versions production answers on new connections that are not the expected one; none where that is not known. */
export function otherAnswers(look: Look, { version }: Identity): string[] {
  return look.freshAnswers.filter((answer) => answer !== null && version !== null && answer !== version) as string[];
}

/** Milliseconds that surely lie between what two looks saw: from the end of the first to the beginning of the second. */
export const timeBetween = (first: { at: Date }, second: Look): number => second.began.getTime() - first.at.getTime();

/** Two looks that show the same in all that a finding rests on, moments and single answers aside. */
export function sameLook(a: Look, b: Look): boolean {
  return (
    sameIdentity(a.production.identity, b.production.identity) &&
    sameIdentity(a.staging.identity, b.staging.identity) &&
    a.production.answers === b.production.answers &&
    a.stamp === b.stamp &&
    a.operation === b.operation &&
    a.targetSwapSlot === b.targetSwapSlot &&
    sameText(a.published, b.published) &&
    sameText(a.warmUpPing, b.warmUpPing)
  );
}

/** Both are read by the same adapter, which names their properties in one order. */
const sameText = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
