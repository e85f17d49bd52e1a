import type { ServiceBusReceivedMessage } from '@azure/service-bus';

type Kind = 'complete' | 'abandon';

/** The part of a receiver that settles. */
interface Settler {
  completeMessage(message: ServiceBusReceivedMessage): Promise<void>;
  abandonMessage(message: ServiceBusReceivedMessage): Promise<void>;
}

export interface Settlement {
  /** Asks for the message to be settled; resolves when the broker has said so, or could not. Never rejects. */
  settle(kind: Kind, message: ServiceBusReceivedMessage): Promise<void>;
}

interface Waiting {
  kind: Kind;
  message: ServiceBusReceivedMessage;
  done(): void;
}

/**
 * The one way to settle messages of one receiver. The client writes neighbouring settlements of one tick as one range with
 * the outcome of the first, whatever the second wanted (rhea's `write_dispositions`): a message whose handler threw would
 * be completed. So settlements go in turns: a run of the same kind goes out together and is waited for, and a
 * `setImmediate` passes before one of the other kind.
 *
 * @param failed is told when the broker refused, as when the lock was lost: the message then comes again by itself
 */
export function createSettlement(
  receiver: Settler,
  failed: (kind: Kind, message: ServiceBusReceivedMessage, error: unknown) => void,
): Settlement {
  const waiting: Waiting[] = [];
  let working = false;

  const settleOne = async ({ kind, message, done }: Waiting): Promise<void> => {
    try {
      if (kind === 'complete') await receiver.completeMessage(message);
      else await receiver.abandonMessage(message);
    } catch (error) {
      failed(kind, message, error);
    }
    done();
  };
  const work = async (): Promise<void> => {
    working = true;
    let last: Kind | undefined;
    for (let first = waiting[0]; first; first = waiting[0]) {
      const { kind } = first;
      if (last !== undefined && last !== kind) await new Promise((resolve) => setImmediate(resolve));
      const unlike = waiting.findIndex((one) => one.kind !== kind);
      const run = waiting.splice(0, unlike < 0 ? waiting.length : unlike);
      await Promise.all(run.map(settleOne));
      last = kind;
    }
    // A settlement asked for in this very tick starts in a later one, so that it cannot meet the last of this run.
    await new Promise((resolve) => setImmediate(resolve));
    working = false;
    if (waiting.length > 0) void work();
  };

  return {
    settle: (kind, message) =>
      new Promise((resolve) => {
        waiting.push({ kind, message, done: resolve });
        if (!working) void work();
      }),
  };
}
