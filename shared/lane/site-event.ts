import type { SiteRef } from './policy.ts';

/** A change of a site as its platform tells it. `request`: the id that whoever changed it gave the request, if any. */
export interface SiteEvent {
  /** One event is one `id` of one `source`, however often it is delivered. */
  source: string;
  id: string;
  site: Pick<SiteRef, 'subscriptionId' | 'resourceGroup' | 'name'>;
  request: string | null;
}

/** The events of one message. `others`: types that do not concern us. */
export interface HeardOfSites {
  events: SiteEvent[];
  others: string[];
}
