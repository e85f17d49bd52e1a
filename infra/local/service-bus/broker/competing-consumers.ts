import type { Consumer, Dispatch } from './consumer.ts';
import { Heap } from './heap.ts';
import type { StoredMessage } from './stored-message.ts';

/** Ready messages in order of arrival, to the consumers in turn. O(log n) a delivery. */
export class CompetingConsumers implements Dispatch {
  readonly #hand: (message: StoredMessage, consumer: Consumer) => void;
  readonly #ready = new Heap<StoredMessage>(
    (message) => message.order,
    (message) => message.place === 'ready',
  );
  /** Those that may have room, the one whose turn it is first. */
  readonly #asking = new Set<Consumer>();

  constructor(hand: (message: StoredMessage, consumer: Consumer) => void) {
    this.#hand = hand;
  }

  ready(message: StoredMessage): void {
    this.#ready.push(message);
    this.#deliver();
  }

  withdrawn(): void {
    this.#ready.died();
  }

  /** The consumer has room again, or for the first time. */
  wake(consumer: Consumer): void {
    this.#asking.add(consumer);
    this.#deliver();
  }

  remove(consumer: Consumer): void {
    this.#asking.delete(consumer);
  }

  #deliver(): void {
    for (const consumer of this.#asking) {
      this.#asking.delete(consumer);
      if (consumer.capacity() <= 0) continue;
      const message = this.#ready.peek();
      if (message === undefined) {
        this.#asking.add(consumer);
        return;
      }
      this.#ready.pop();
      // Adding it while the loop runs puts it at the end of the line, where the loop finds it again.
      this.#asking.add(consumer);
      this.#hand(message, consumer);
    }
  }
}
