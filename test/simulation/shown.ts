/** What is shown may be as it was a moment ago: until when, and how many acts by hand had happened then. */
export class Shown<Value> {
  value: Value;
  #before: Value;
  #until = 0;
  #acts = 0;

  constructor(value: Value) {
    this.value = value;
    this.#before = value;
  }

  change(value: Value, until: number, acts: number): void {
    this.#before = this.value;
    this.value = value;
    this.#until = until;
    this.#acts = acts;
  }

  at(now: number, acts: number): { value: Value; acts: number } {
    return now < this.#until ? { value: this.#before, acts: this.#acts } : { value: this.value, acts };
  }
}
