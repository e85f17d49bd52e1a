import { deadLetterRules, type EntityRules, inMs, rulesOf, type ServiceBusConfig } from '../configuration.ts';
import type { Log } from '../journal/journal.ts';
import type { Operation } from '../journal/operation.ts';
import { entityNotFound, notAllowed } from '../service-bus-error.ts';
import type { Deadlines } from './deadlines.ts';
import type { Destination } from './destination.ts';
import { Queue } from './queue.ts';
import { Topic } from './topic.ts';

/** All entities of a Service Bus namespace, by address. Addresses are compared without regard to case. */
export class Namespace {
  readonly #entities = new Map<string, Queue | Topic>();
  readonly #destinations = new Set<Destination>();
  readonly #context: { deadlines: Deadlines; log: Log };

  constructor(entities: ServiceBusConfig['entities'], context: { deadlines: Deadlines; log: Log }) {
    this.#context = context;
    for (const [name, properties] of Object.entries(entities.queues))
      this.#destinations.add(this.#addQueue(name, rulesOf(properties)));
    for (const [name, { duplicateDetectionWindowSeconds, subscriptions }] of Object.entries(entities.topics)) {
      // A copy in a subscription is no new arrival: duplicates are the topic's matter.
      const queues = Object.entries(subscriptions).map(([subscription, properties]) =>
        this.#addQueue(`${name}/Subscriptions/${subscription}`, {
          ...rulesOf(properties),
          duplicateWindowMs: undefined,
        }),
      );
      const topic = new Topic(name, inMs(duplicateDetectionWindowSeconds), queues, context);
      this.#add(topic);
      this.#destinations.add(topic);
    }
  }

  /** @throws entity not found */
  find(address: string): Queue | Topic {
    const entity = this.#entities.get(address.toLowerCase());
    if (entity === undefined) throw entityNotFound(address);
    return entity;
  }

  /** Only a queue or a topic can be sent to. @throws entity not found; not-allowed */
  findDestination(address: string): Destination {
    const entity = this.find(address);
    if (this.#destinations.has(entity)) return entity;
    throw notAllowed(`'${entity.name}' cannot be sent to; send to its queue or topic.`);
  }

  /** What was kept of an entity that is no longer declared is dropped, as if the entity had been deleted. */
  restore(operation: Operation): void {
    this.#entities.get(operation.queue.toLowerCase())?.restore(operation);
  }

  open(): void {
    for (const entity of this.#entities.values()) entity.open();
  }

  snapshot(): Operation[] {
    return [...this.#entities.values()].flatMap((entity) => entity.snapshot());
  }

  #addQueue(name: string, rules: EntityRules): Queue {
    const deadLetters = new Queue(`${name}/$DeadLetterQueue`, deadLetterRules(rules), this.#context);
    const queue = new Queue(name, rules, this.#context, deadLetters);
    this.#add(deadLetters);
    this.#add(queue);
    return queue;
  }

  #add(entity: Queue | Topic): void {
    const key = entity.name.toLowerCase();
    if (this.#entities.has(key)) throw new Error(`the entity '${entity.name}' is declared twice`);
    this.#entities.set(key, entity);
  }
}
