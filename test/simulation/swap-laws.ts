import { openAct } from '../../shared/lane/finish.ts';
import type { Lane } from '../../shared/lane/lane.ts';
import type { Act } from '../../shared/lane/swap/act.ts';
import { AZURE } from '../../shared/wire/durations.ts';
import type { Core } from './core.ts';
import type { Content, Operation, Site } from './site.ts';

type SwapGoal = Extract<Act['goal'], { kind: 'swap' }>;

/** What is remembered of an intent from its claim on. */
interface Claimed {
  /** Acts by hand that the look before the claim can have shown. */
  acts: number;
  /** When that look was taken, by the true time. */
  looked: number;
  goal: Act['goal'];
}

/** What the lane says and what is true, as far as these laws ask. */
export interface Known {
  readonly lane: Lane | null;
  readonly site: Site;
  readonly unwatched: ReadonlySet<string>;
}

/** The laws of requests and of what they bring about: P1, P2, P3 and P7 of the model, and what may come to serve people. */
export class SwapLaws {
  readonly #core: Core;
  readonly #known: Known;
  /** Builds that a person commanded, whatever their age or what was said of them. */
  readonly commanded = new Set<number>();
  /** Builds that never return by themselves. */
  readonly quarantined = new Set<number>();
  /** Told of each swap request of ours, counted from one. */
  onSwapRequest: (count: number) => void = () => {};
  #swapRequests = 0;
  readonly #posts = new Map<string, number>();
  readonly #claims = new Map<string, Claimed>();
  readonly #firstSwaps = new Map<string, number>();
  readonly #applied = new Map<string, number>();
  readonly #rollbacks = new Map<string, number>();
  readonly #looks = new Map<number, { acts: number; at: number }>();

  constructor(core: Core, known: Known) {
    this.#core = core;
    this.#known = known;
  }

  /** A look was taken, its first answer read at `since` by the true time. */
  looked(at: Date, acts: number, since: number): void {
    const known = this.#looks.get(at.getTime());
    this.#looks.set(at.getTime(), { acts: Math.min(acts, known?.acts ?? acts), at: since });
  }

  posted(kind: string, intent: string): void {
    if (kind === 'swap') {
      this.#swapRequests += 1;
      this.onSwapRequest(this.#swapRequests);
    }
    const count = (this.#posts.get(intent) ?? 0) + 1;
    this.#posts.set(intent, count);
    if (count > 1) this.#core.broken('one request per intent', `${kind} ${intent} was sent ${count} times`);
    const age = this.#core.time.now() - (this.#claims.get(intent)?.looked ?? Number.NEGATIVE_INFINITY);
    if (age > freshMs && !this.#known.unwatched.has(freshLook))
      this.#core.broken(freshLook, `${kind} ${intent}: looked ${age} ms before`);
  }

  /** A swap took effect: P1, P2, P3, and what may come to serve people. */
  swapped(operation: Operation, before: Content, after: Content): void {
    const { intent } = operation;
    if (intent === null) return;
    const broken = (law: string, what: string): never => this.#core.broken(law, `${intent}: ${what}`);
    const times = (this.#applied.get(intent) ?? 0) + 1;
    this.#applied.set(intent, times);
    if (times > 1) broken('P1 an intent changes production once', `${times} times`);
    if (!openIntents(this.#known.lane).includes(intent))
      broken('P3 what is over stays over', `changed production to ${after.version} after its act was closed`);
    const claimed = this.#claims.get(intent);
    if (claimed === undefined || claimed.goal.kind !== 'swap') throw broken('claimed before sent', 'no claim');
    if (claimed.acts === this.#known.site.acts) this.#aimed(broken, claimed.goal, before, after);
    const active = this.#known.lane?.active;
    if (active?.stage === 'rolling-back') {
      const back = (this.#rollbacks.get(active.record.id) ?? 0) + 1;
      this.#rollbacks.set(active.record.id, back);
      if (back > 1) broken('one rollback per deployment', active.record.id);
    }
  }

  #aimed(broken: (law: string, what: string) => never, goal: SwapGoal, before: Content, after: Content): void {
    const took = `took production from ${before.version} (${before.kudu}) to ${after.version} (${after.kudu})`;
    // By version: what the lane takes for an identity may itself be wrong.
    if (before.version !== goal.former.version || after.version !== goal.goal.version)
      broken('P2 from the expected build to the intended', took);
    const rollingBack = this.#known.lane?.active?.stage === 'rolling-back';
    if (!after.verified && after.by === 'us' && !rollingBack) broken('production gets what was verified', took);
    if (after.by === 'us' && (after.traits.badInStaging || after.traits.breaksInSwap || after.traits.badDigest))
      broken('production gets what was verified', took);
    const isOlder = after.build !== null && before.build !== null && after.build < before.build;
    if (rollingBack || after.build === null || this.commanded.has(after.build)) return;
    if (isOlder) broken('no older build over a newer one', took);
    if (this.quarantined.has(after.build)) broken('what was rolled back does not return by itself', took);
  }

  /** An intent is claimed in this very write, or was before. */
  claimed(lane: Lane): void {
    const act = openAct(lane);
    if (act === null || act.step !== 'sending' || this.#claims.has(act.intent)) return;
    const look = this.#looks.get(act.claim.look.at.getTime());
    const acts = look?.acts ?? this.#known.site.acts;
    this.#claims.set(act.intent, { acts, goal: act.goal, looked: look?.at ?? this.#core.time.now() });
    if (act.goal.kind !== 'swap' || lane.active === null) return;
    const goal = `${lane.active.record.id} ${lane.active.stage}`;
    const first = this.#firstSwaps.get(goal);
    if (first === undefined || act.attempt === 1) this.#firstSwaps.set(goal, this.#known.site.swaps);
    else if (acts === this.#known.site.acts && first !== this.#known.site.swaps)
      this.#core.broken(
        'P7 what a person did is not undone',
        `${act.intent}: a swap was completed since the first intent`,
      );
  }
}

export const freshLook = 'an act rests on a fresh look';
/** A look may take three times as long as a claim is sent under. */
const freshMs = 4 * AZURE.claimMs + 1_000;

/** The open act, and the swap that waits while the preview it left is reset. */
export function openIntents(lane: Lane | null): string[] {
  const act = lane === null ? null : openAct(lane);
  if (act === null) return [];
  return act.goal.kind === 'reset' ? [act.intent, act.goal.interrupted.intent] : [act.intent];
}
