import type { IncomingMessage } from './stored-message.ts';

/** What can be sent to: a queue or a topic. Each promise resolves when the outcome is on disk. */
export interface Destination {
  readonly name: string;
  /** Takes all of them or none. @throws not-allowed when one of them cannot be taken */
  send(messages: IncomingMessage[]): Promise<void>;
  /** Takes all of them or none; the sequence numbers, in the same order. Each must say when it is due. */
  schedule(messages: IncomingMessage[]): Promise<number[]>;
  /** @throws message-not-found when one of them is not scheduled here; none is cancelled then */
  cancel(sequences: number[]): Promise<void>;
}
