import type {
  ReceiveMessagesOptions,
  ServiceBusClient,
  ServiceBusReceivedMessage,
  ServiceBusReceiver,
  ServiceBusReceiverOptions,
} from '@azure/service-bus';
import type { HostJson } from './host-json.ts';
import type { Log } from './host-log.ts';
import type { ServiceBusFunction } from './indexing.ts';
import type { Invocations } from './invocations.ts';
import { serviceBusBatchInput, serviceBusInput } from './service-bus-input.ts';
import { createSettlement, type Settlement } from './settlement.ts';

/** What listens for one function; `stop` ends receiving and resolves when the messages in hand are settled. */
export interface Listener {
  stop(): Promise<void>;
}

/** What every kind of listener works with. */
export interface Listening {
  fn: ServiceBusFunction;
  client: ServiceBusClient;
  options: HostJson['serviceBus'];
  invocations: Invocations;
  log: Log;
}

/** The entity's name for sentences in the log. */
export function entityName({ entity }: ServiceBusFunction): string {
  return 'queue' in entity ? entity.queue : `${entity.topic}/${entity.subscription}`;
}

/**
 * A receiver for the function's queue or subscription. A queue name may be a path that ends in `$DeadLetterQueue`, also
 * `topic/Subscriptions/name/$DeadLetterQueue`; the broker takes the name as an address. Bodies stay bytes.
 */
export function openReceiver({ fn, client }: Listening, renewMs: number): ServiceBusReceiver {
  const options: ServiceBusReceiverOptions = {
    receiveMode: 'peekLock',
    skipParsingBodyAsJson: true,
    maxAutoLockRenewalDurationInMs: renewMs,
  };
  const { entity } = fn;
  if ('queue' in entity) return client.createReceiver(entity.queue, options);
  const [subscription = '', ...sub] = entity.subscription.split('/');
  if (sub.join('/').toLowerCase() !== '$deadletterqueue')
    return client.createReceiver(entity.topic, entity.subscription, options);
  return client.createReceiver(entity.topic, subscription, { ...options, subQueueType: 'deadLetter' });
}

/** The settlement of one receiver; a refusal is logged, because the message comes again by itself. */
export function settlementOf({ fn, log }: Listening, receiver: Parameters<typeof createSettlement>[0]): Settlement {
  return createSettlement(receiver, (kind, message, error) => {
    const told = error instanceof Error ? error.message : String(error);
    log({
      level: 'warning',
      function: fn.name,
      message: `could not ${kind} message ${String(message.messageId)}: ${told}`,
    });
  });
}

/** Runs the function for one message and settles it: complete when it returned, abandon when it threw. */
export async function processOne(
  { fn, invocations }: Listening,
  settlement: Settlement,
  message: ServiceBusReceivedMessage,
): Promise<void> {
  try {
    await invocations.run(fn.registered, serviceBusInput(fn, message));
  } catch {
    return settlement.settle('abandon', message);
  }
  if (fn.autoComplete) await settlement.settle('complete', message);
}

/** Runs the function for a batch; all of its messages share the outcome. */
export async function processBatch(
  { fn, invocations }: Listening,
  settlement: Settlement,
  messages: ServiceBusReceivedMessage[],
): Promise<void> {
  let outcome: 'complete' | 'abandon' = 'complete';
  try {
    await invocations.run(fn.registered, serviceBusBatchInput(fn, messages));
  } catch {
    outcome = 'abandon';
  }
  if (outcome === 'complete' && !fn.autoComplete) return;
  await Promise.all(messages.map((message) => settlement.settle(outcome, message)));
}

/**
 * Options of one receive that waits `waitMs` for a first message and then 20 ms for more, as .NET's receiver does. The
 * client for JavaScript would wait a second more; it takes the shorter time from an option its types do not show.
 */
export function receiveOptions(waitMs: number): ReceiveMessagesOptions {
  const options: ReceiveMessagesOptions & { maxTimeAfterFirstMessageInMs: number } = {
    maxWaitTimeInMs: waitMs,
    maxTimeAfterFirstMessageInMs: 20,
  };
  return options;
}

/** Resolves after `ms`, or at once when the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
