import type { StoredMessage } from './stored-message.ts';

/** The messages of one queue by sequence number, with reading from a number on: O(log n) for the first. */
export class MessagesBySequence {
  readonly #bySequence = new Map<number, StoredMessage>();
  #sequences: number[] = [];

  get size(): number {
    return this.#bySequence.size;
  }

  get(sequence: number): StoredMessage | undefined {
    return this.#bySequence.get(sequence);
  }

  add(message: StoredMessage): void {
    this.#bySequence.set(message.sequence, message);
    const last = this.#sequences.at(-1);
    if (last === undefined || message.sequence > last) this.#sequences.push(message.sequence);
    // Only a dead-letter queue receives numbers out of order.
    else this.#sequences.splice(this.#firstFrom(message.sequence), 0, message.sequence);
  }

  remove(message: StoredMessage): void {
    this.#bySequence.delete(message.sequence);
    if (this.#sequences.length > 64 && this.#sequences.length > this.#bySequence.size * 2)
      this.#sequences = this.#sequences.filter((sequence) => this.#bySequence.has(sequence));
  }

  /** Those with this number or a higher one, lowest first. */
  *from(sequence: number): Generator<StoredMessage> {
    for (let index = this.#firstFrom(sequence); index < this.#sequences.length; index += 1) {
      const message = this.#bySequence.get(this.#sequences[index] ?? 0);
      if (message !== undefined) yield message;
    }
  }

  #firstFrom(sequence: number): number {
    let low = 0;
    let high = this.#sequences.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sequences[middle] ?? 0) < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
