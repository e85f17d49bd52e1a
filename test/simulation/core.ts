import type { Scheduler } from 'fast-check';
import type { Delivery } from '../ports/memory-bus.ts';
import { Broken } from './broken.ts';
import type { Dice } from './dice.ts';
import type { Faults } from './faults.ts';
import type { VirtualTime } from './virtual-time.ts';

/** One invocation of one instance. Whatever it awaits passes through the core, which may let it die or stand still there. */
export interface Worker {
  readonly name: string;
  readonly delivery: Delivery | null;
  /** How far its wall clock is from the true time, and by how much each of its clocks stood still. */
  skewMs: number;
  monotonicLagMs: number;
  alive: boolean;
  /** How many acts by hand its last look can have shown; null: it has not looked. */
  looked: number | null;
}

/** Made anew for each, so that what waits for it can be forgotten with it. */
const never = (): Promise<never> => new Promise(() => {});
/** The clock goes on by so much with every step that is taken. */
const stepMs = 12;
/** Nobody renews the lock of a dead or standing worker. */
const lockMs = 60_000;

/** What orders everything that happens: fast-check's scheduler picks the next step, the clock moves with it or to the next timer. */
export class Core {
  readonly scheduler: Scheduler;
  readonly time: VirtualTime;
  readonly dice: Dice;
  readonly faults: Faults;
  readonly trace: string[] = [];
  /** The worker in whose step something is being done. */
  actor: Worker | null = null;
  failure: unknown = null;
  steps = 0;
  /** Awaits so far, and the one at which a worker dies whatever chance says. */
  reached = 0;
  dieAt: number | null = null;
  /** Workers that stand still now, and will go on as if nothing had been. */
  standing = 0;
  /** The act that is about to be claimed or sent: workers die and stand still more often then. */
  acting: () => string | null = () => null;
  /** … or only in an act of this kind. */
  onlyIn: string | null = null;
  stallsMs: readonly [number, ...number[]] = [3_000, 12_000, 45_000, 90_000, 250_000, 1_200_000];
  #workers = 0;
  readonly #begin: number;

  constructor(scheduler: Scheduler, time: VirtualTime, dice: Dice, faults: Faults) {
    this.scheduler = scheduler;
    this.time = time;
    this.dice = dice;
    this.faults = faults;
    this.#begin = time.now();
  }

  worker(purpose: string, delivery: Delivery | null): Worker {
    this.#workers += 1;
    const skewMs = this.dice.between(-1_000, 1_000);
    return { name: `${purpose}#${this.#workers}`, delivery, skewMs, monotonicLagMs: 0, alive: true, looked: null };
  }

  say(who: string, what: string): void {
    this.trace.push(`${((this.time.now() - this.#begin) / 1000).toFixed(3).padStart(9)} ${who}: ${what}`);
  }

  /** A law was broken: nothing that happens afterwards counts. */
  broken(law: string, what: string): never {
    const failure = new Broken(law, what);
    this.say('LAW', failure.message);
    this.failure ??= failure;
    throw failure;
  }

  /** One await: the worker may die here, or stand still, and then waits until the scheduler picks it. */
  async reach(worker: Worker, what: string): Promise<void> {
    if (!worker.alive) return never();
    const weight = this.onlyIn === null ? (this.acting() === null ? 1 : 8) : this.acting() === this.onlyIn ? 8 : 0;
    this.reached += 1;
    if (this.reached === this.dieAt || this.faults.strikes('crash', 0.003 * weight)) {
      this.#die(worker, what);
      return never();
    }
    if (this.faults.strikes('stall', 0.002 * weight)) await this.#stand(worker, what);
    await this.scheduler.schedule(Promise.resolve(), `${worker.name} ${what}`);
    return worker.alive ? undefined : never();
  }

  /** A call of a port: done in one piece, between two moments at which the worker may die. */
  async pass<Value>(worker: Worker, what: string, run: () => Value): Promise<Value> {
    await this.reach(worker, what);
    this.say(worker.name, what);
    this.actor = worker;
    const value = run();
    if (this.dice.chance(0.15) || this.acting() !== null) await this.reach(worker, `${what} (answered)`);
    return value;
  }

  /** The worker waits for an answer from outside. */
  async wait(worker: Worker, what: string, ms: number): Promise<void> {
    await this.time.until(this.time.now() + ms);
    await this.reach(worker, what);
  }

  #die(worker: Worker, what: string): void {
    this.say(worker.name, `dies before: ${what}`);
    worker.alive = false;
    const { delivery } = worker;
    if (delivery !== null) this.time.at(this.time.now() + this.dice.between(1_000, lockMs), () => delivery.lose());
  }

  async #stand(worker: Worker, what: string): Promise<void> {
    const ms = this.dice.pick(this.stallsMs);
    const clock = this.dice.pick(['both', 'both', 'no monotonic', 'no wall']);
    this.say(worker.name, `stands still for ${ms} ms (${clock} clock moves) before: ${what}`);
    const { delivery } = worker;
    if (delivery !== null && ms > lockMs) this.time.at(this.time.now() + lockMs, () => delivery.lose());
    this.standing += 1;
    await this.time.until(this.time.now() + ms);
    this.standing -= 1;
    if (clock === 'no monotonic') worker.monotonicLagMs += ms;
    if (clock === 'no wall') worker.skewMs -= ms;
  }

  /** Steps until `over` says so. Throws what broke, or that nothing will ever happen again. */
  async run(over: () => boolean, latest: number): Promise<void> {
    for (;;) {
      await settled();
      if (this.failure !== null) throw this.failure;
      if (over()) return;
      if (this.time.now() > latest) this.broken('it ends', 'time is up');
      this.steps += 1;
      if (this.scheduler.count() > 0) {
        this.time.moveTo(this.time.now() + stepMs);
        await this.scheduler.waitOne();
        continue;
      }
      const next = this.time.next();
      if (next === null) this.broken('it ends', 'nothing will ever happen again');
      this.time.moveTo(next);
    }
  }
}

/** Everything that follows from the last step has reached its next await. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
