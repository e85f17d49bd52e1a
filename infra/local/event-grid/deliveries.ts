import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceBusClient, type ServiceBusSender } from '@azure/service-bus';
import type { CloudEvent } from './cloud-event.ts';

/** Which events go where, as an event subscription says it. */
export interface Subscription {
  name: string;
  includedEventTypes: string[];
  /** The Service Bus queue they are delivered to, one event a message. */
  queue: { connectionString: string; name: string };
}

/** The published schedule of retries (10 s, 30 s, 1 min, 5 min …), shortened: what is away here comes back within seconds. */
const RETRY_MS = [100, 300, 1_000, 2_000, 5_000, 10_000];
/** As many as Event Grid makes where nothing else is set. */
const MOST_ATTEMPTS = 30;
const CLOSE_WITHIN_MS = 3_000;

/** Delivers events at least once and in no order: what a queue does not take is tried again, later and later. */
export class Deliveries {
  readonly #subscriptions: Subscription[];
  readonly #clients = new Map<string, ServiceBusClient>();
  readonly #senders = new Map<string, ServiceBusSender>();
  readonly #closing = new AbortController();

  constructor(subscriptions: Subscription[]) {
    this.#subscriptions = subscriptions;
    for (const { queue, name } of subscriptions) {
      const client =
        this.#clients.get(queue.connectionString) ??
        new ServiceBusClient(queue.connectionString, { retryOptions: { maxRetries: 0, timeoutInMs: 5_000 } });
      this.#clients.set(queue.connectionString, client);
      this.#senders.set(name, client.createSender(queue.name));
    }
  }

  deliver(event: CloudEvent): void {
    const type = event.type.toLowerCase();
    for (const subscription of this.#subscriptions) {
      const isWanted = subscription.includedEventTypes.some((included) => included.toLowerCase() === type);
      if (isWanted) void this.#send(subscription, event);
    }
  }

  /** What was not delivered by then is lost: this part keeps nothing on disk. */
  async close(): Promise<void> {
    this.#closing.abort();
    const closed = Promise.allSettled([...this.#clients.values()].map((client) => client.close()));
    await Promise.race([closed, sleep(CLOSE_WITHIN_MS, undefined, { ref: false })]);
  }

  async #send({ name }: Subscription, event: CloudEvent): Promise<void> {
    for (let attempt = 1; !this.#closing.signal.aborted; attempt += 1) {
      try {
        await this.#senders.get(name)?.sendMessages({
          body: event,
          contentType: 'application/cloudevents+json; charset=utf-8',
          applicationProperties: {
            'aeg-subscription-name': name,
            'aeg-delivery-count': attempt - 1,
            'aeg-event-type': 'Notification',
          },
        });
        return;
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        if (attempt === MOST_ATTEMPTS) {
          console.error(`event-grid: event ${event.id} was given up after ${attempt} attempts`, error);
          return;
        }
      }
      const pause = RETRY_MS[Math.min(attempt, RETRY_MS.length) - 1];
      await sleep(pause, undefined, { ref: false, signal: this.#closing.signal }).catch(() => undefined);
    }
  }
}
