import type { Clock } from './clock.ts';
import { Heap } from './heap.ts';

interface Deadline {
  at: number;
  /** Gone once it has run or was taken back, so that a dead entry holds nothing else in memory. */
  run: (() => void) | undefined;
}

/** All the waiting of the broker (locks, ends of life, schedules) behind one timer. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #pending = new Heap<Deadline>(
    (deadline) => deadline.at,
    (deadline) => deadline.run !== undefined,
  );
  #timerAt = Number.POSITIVE_INFINITY;
  #stopTimer: () => void = () => {};
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  /** Runs `run` at the instant `at` (ms since 1970), at once in the next turn if that is past; the result takes it back. */
  at(at: number, run: () => void): () => void {
    const deadline: Deadline = { at, run };
    this.#pending.push(deadline);
    this.#arm();
    return () => {
      if (deadline.run === undefined) return;
      deadline.run = undefined;
      this.#pending.died();
    };
  }

  close(): void {
    this.#closed = true;
    this.#stopTimer();
  }

  #arm(): void {
    const next = this.#pending.peek();
    if (this.#closed || next === undefined || next.at >= this.#timerAt) return;
    this.#stopTimer();
    this.#timerAt = next.at;
    this.#stopTimer = this.#clock.after(next.at - this.#clock.now(), () => this.#fire());
  }

  #fire(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    for (
      let next = this.#pending.peek();
      next !== undefined && next.at <= this.#clock.now();
      next = this.#pending.peek()
    ) {
      this.#pending.pop();
      const run = next.run;
      next.run = undefined;
      run?.();
    }
    this.#arm();
  }
}
