/**
 * A binary heap that tolerates dead entries: what was removed elsewhere is only counted here, skipped when it comes up,
 * and swept out when it makes up most of the heap. Each operation is O(log n), a sweep O(n) every n/2 removals.
 */
export class Heap<T> {
  readonly #rank: (entry: T) => number;
  readonly #isLive: (entry: T) => boolean;
  #entries: T[] = [];
  #dead = 0;

  constructor(rank: (entry: T) => number, isLive: (entry: T) => boolean) {
    this.#rank = rank;
    this.#isLive = isLive;
  }

  push(entry: T): void {
    this.#entries.push(entry);
    this.#rise(this.#entries.length - 1);
  }

  /** The live entry of lowest rank, left in place. */
  peek(): T | undefined {
    this.#dropDeadHead();
    return this.#entries[0];
  }

  /** The live entry of lowest rank, taken out. */
  pop(): T | undefined {
    this.#dropDeadHead();
    return this.#takeHead();
  }

  /** To be called when an entry has died while in here. */
  died(): void {
    this.#dead += 1;
    if (this.#dead < 64 || this.#dead < this.#entries.length / 2) return;
    const live = this.#entries.filter(this.#isLive);
    this.#entries = [];
    this.#dead = 0;
    for (const entry of live) this.push(entry);
  }

  #dropDeadHead(): void {
    for (let head = this.#entries[0]; head !== undefined && !this.#isLive(head); head = this.#entries[0]) {
      this.#takeHead();
      if (this.#dead > 0) this.#dead -= 1;
    }
  }

  #takeHead(): T | undefined {
    const head = this.#entries[0];
    const last = this.#entries.pop();
    if (last !== undefined && this.#entries.length > 0) {
      this.#entries[0] = last;
      this.#sink(0);
    }
    return head;
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfLower(at, parent)) return;
      at = parent;
    }
  }

  #sink(from: number): void {
    let at = from;
    for (;;) {
      const left = at * 2 + 1;
      const right = left + 1;
      const lower = this.#rankAt(right) < this.#rankAt(left) ? right : left;
      if (!this.#swapIfLower(lower, at)) return;
      at = lower;
    }
  }

  #rankAt(index: number): number {
    const entry = this.#entries[index];
    return entry === undefined ? Number.POSITIVE_INFINITY : this.#rank(entry);
  }

  #swapIfLower(below: number, above: number): boolean {
    const lower = this.#entries[below];
    const upper = this.#entries[above];
    if (lower === undefined || upper === undefined || this.#rank(lower) >= this.#rank(upper)) return false;
    this.#entries[above] = lower;
    this.#entries[below] = upper;
    return true;
  }
}
