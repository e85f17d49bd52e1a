import declaration from './declaration.json' with { type: 'json' };
import type { EntityProperties } from './service-bus/configuration.ts';

/** The declared entities, with other locks where a test must not wait for a minute. */
export function entitiesWith(lockSeconds: number | undefined): object {
  if (lockSeconds === undefined) return declaration.serviceBus;
  const { queues, topics } = declaration.serviceBus;
  const locked = (entities: Record<string, EntityProperties>): Record<string, EntityProperties> =>
    Object.fromEntries(Object.entries(entities).map(([name, properties]) => [name, { ...properties, lockSeconds }]));
  return {
    queues: locked(queues),
    topics: Object.fromEntries(
      Object.entries(topics).map(([name, topic]) => [name, { ...topic, subscriptions: locked(topic.subscriptions) }]),
    ),
  };
}
