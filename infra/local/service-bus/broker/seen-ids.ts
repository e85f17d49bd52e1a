/**
 * The message ids of the last window, for duplicate detection. They arrive in order of time, so that the oldest are
 * always first and forgetting them costs nothing more.
 */
export class SeenIds {
  readonly #windowMs: number;
  readonly #until = new Map<string, number>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Notes the id; the instant until which it is remembered, or undefined when it is a duplicate. */
  note(id: string, now: number): number | undefined {
    this.#forgetBefore(now);
    if (this.#until.has(id)) return undefined;
    const until = now + this.#windowMs;
    this.#until.set(id, until);
    return until;
  }

  restore(id: string, until: number): void {
    this.#until.delete(id);
    this.#until.set(id, until);
  }

  entries(now: number): Iterable<[string, number]> {
    this.#forgetBefore(now);
    return this.#until;
  }

  #forgetBefore(now: number): void {
    for (const [id, until] of this.#until) {
      if (until > now) return;
      this.#until.delete(id);
    }
  }
}
