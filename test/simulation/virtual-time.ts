/** The simulated clock: it moves only when it is told to, and does what was to be done on the way. */
export class VirtualTime {
  #now: number;
  #sequence = 0;
  readonly #timers: { at: number; sequence: number; run: () => void }[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** Does something at the instant, or with the next move of the clock where it is past. */
  at(instant: number, run: () => void): void {
    this.#sequence += 1;
    const timer = { at: instant, sequence: this.#sequence, run };
    const later = this.#timers.findIndex((other) => other.at > instant);
    this.#timers.splice(later === -1 ? this.#timers.length : later, 0, timer);
  }

  /** Resolves at the instant. */
  until(instant: number): Promise<void> {
    return new Promise((resolve) => this.at(instant, resolve));
  }

  next(): number | null {
    return this.#timers[0]?.at ?? null;
  }

  moveTo(instant: number): void {
    for (let first = this.#timers[0]; first !== undefined && first.at <= instant; first = this.#timers[0]) {
      this.#timers.shift();
      this.#now = Math.max(this.#now, first.at);
      first.run();
    }
    this.#now = Math.max(this.#now, instant);
  }
}
