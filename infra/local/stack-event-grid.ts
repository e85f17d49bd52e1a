import declaration from './declaration.json' with { type: 'json' };
import type { EventGridConfig } from './event-grid/event-grid.ts';

/** The event subscription of the sites, as the templates declare it on Azure. */
export function siteEvents(port: number, key: string, connectionString: string): EventGridConfig {
  const { queue, eventTypes } = declaration.eventGrid;
  return {
    port,
    key,
    subscriptions: [{ name: 'site-events', includedEventTypes: eventTypes, queue: { connectionString, name: queue } }],
  };
}
