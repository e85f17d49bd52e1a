import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import {
  entityName,
  type Listener,
  type Listening,
  openReceiver,
  pause,
  processBatch,
  receiveOptions,
  settlementOf,
} from './listener.ts';

/**
 * How long one receive waits for a first message, in milliseconds. A receive that is cut short would keep the messages it
 * had collected locked, so the end of the host waits for it.
 */
const waitMs = 1_000;

/**
 * Listens on a queue or subscription without sessions, many messages an invocation, one invocation at a time. Locks are not
 * renewed: the extension renews them only for single messages.
 */
export function listenBatch(listening: Listening): Listener {
  const { fn, log } = listening;
  const stopping = new AbortController();

  const loop = async (): Promise<void> => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      const receiver = openReceiver(listening, 0);
      try {
        await receiveUntilStopped(listening, receiver, stopping.signal, () => {
          failures = 0;
        });
      } catch (error) {
        failures += 1;
        const told = error instanceof Error ? error.message : String(error);
        if (failures === 1)
          log({ level: 'warning', function: fn.name, message: `${entityName(fn)}: receive: ${told}` });
      }
      await receiver.close().catch(() => undefined);
      if (!stopping.signal.aborted) await pause(Math.min(250 * failures, 2_000), stopping.signal);
    }
  };
  const ended = loop();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

async function receiveUntilStopped(
  listening: Listening,
  receiver: ServiceBusReceiver,
  stopping: AbortSignal,
  received: () => void,
): Promise<void> {
  const settlement = settlementOf(listening, receiver);
  while (!stopping.aborted) {
    const messages = await gather(listening, receiver, stopping);
    received();
    if (messages.length === 0) continue;
    if (stopping.aborted) {
      await Promise.all(messages.map((message) => settlement.settle('abandon', message)));
      return;
    }
    await processBatch(listening, settlement, messages);
  }
}

/**
 * One batch. `maxBatchWaitTime` only counts when `minMessageBatchSize` is more than one: then up to that time is waited for
 * the minimum. With one, whatever is there is the batch.
 */
async function gather(
  { options }: Listening,
  receiver: ServiceBusReceiver,
  stopping: AbortSignal,
): Promise<ServiceBusReceivedMessage[]> {
  const { maxMessageBatchSize, minMessageBatchSize, maxBatchWaitMs } = options;
  const messages = await receiver.receiveMessages(maxMessageBatchSize, receiveOptions(waitMs));
  const until = Date.now() + maxBatchWaitMs;
  while (messages.length > 0 && messages.length < minMessageBatchSize && !stopping.aborted) {
    const left = until - Date.now();
    if (left <= 0) break;
    messages.push(...(await receiver.receiveMessages(maxMessageBatchSize - messages.length, receiveOptions(left))));
  }
  return messages;
}
