import type { Dice } from './dice.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What may go wrong, in families: a schedule turns some of them on, so that each is met alone and with others. */
export const families = [
  /** A worker dies before or after a call: its promise never resolves, its lock runs out, the message comes again. */
  'crash',
  /** A worker stands still, for longer than its lock, or than the quiet period; one of its clocks may stand still with it. */
  'stall',
  /** The session lock is lost while the worker works on: two workers in one lane. */
  'lock-lost',
  /** Tables: nothing written and no answer; written and no answer; written and a conflict told. */
  'tables',
  /** Service Bus: nothing sent and no answer; sent and no answer. */
  'bus',
  /** ARM and Kudu refuse: 409, 429, 403. */
  'refused',
  /** A request is lost, or its answer is, or it is taken long after its sender gave up. */
  'unknown',
  /** Accepted, and not shown by anything for a while. */
  'hidden',
  /** What is shown lags behind what was done. */
  'lag',
  /** Operations that take longer than the quiet period. */
  'slow',
  /** A swap fails in its warm-up after it was accepted, and may leave its preview behind. */
  'warm-up',
  /** The token of an accepted act is not known any more; 202 without a token. */
  'poll-lost',
  /** Reads of the site do not answer. */
  'site-down',
] as const;

export type Family = (typeof families)[number];

/** At most this often in one life: enough to meet, few enough to end. */
const budget: Record<Family, number> = {
  crash: 5,
  stall: 3,
  'lock-lost': 3,
  tables: 5,
  bus: 4,
  refused: 3,
  unknown: 3,
  hidden: 6,
  lag: 20,
  slow: 3,
  'warm-up': 2,
  'poll-lost': 3,
  'site-down': 4,
};

/** How much likelier than usual a family strikes. */
export type Weights = Partial<Record<Family, number>>;

export class Faults {
  readonly dice: Dice;
  readonly #on: ReadonlySet<Family>;
  readonly #left = { ...budget };
  readonly #time: VirtualTime;
  readonly #off: number;
  readonly #weights: Weights;

  constructor(on: readonly Family[], dice: Dice, time: VirtualTime, offAt: number, weights: Weights = {}) {
    this.#on = new Set(on);
    this.dice = dice;
    this.#time = time;
    this.#off = offAt;
    this.#weights = weights;
  }

  has(family: Family): boolean {
    return this.#on.has(family) && this.#left[family] > 0 && this.#time.now() < this.#off;
  }

  /** Whether it happens now. */
  strikes(family: Family, probability: number): boolean {
    if (!this.has(family) || !this.dice.chance(probability * (this.#weights[family] ?? 1))) return false;
    this.#left[family] -= 1;
    return true;
  }
}
