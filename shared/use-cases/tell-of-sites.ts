import type { Input } from '../lane/input.ts';
import type { SiteRef } from '../lane/policy.ts';
import type { HeardOfSites, SiteEvent } from '../lane/site-event.ts';
import type { InputId, LaneId } from '../lane/words.ts';
import type { Ports } from '../ports.ts';

export interface SitesTold {
  events: number;
  lanes: LaneId[];
  /** Sites that no lane of the owner's file has. */
  unknown: string[];
  others: string[];
}

/**
 * Every lane whose site changed is told to look. The event says nothing else that is believed, so a forged one costs a look; the same
 * event is the same input, however often it comes. Throws Unavailable when the lanes cannot be told; the message then comes again.
 */
export async function tellOfSites(
  ports: Pick<Ports, 'apps' | 'inbox'>,
  { events, others }: HeardOfSites,
  idOf: (lane: LaneId, source: string, id: string) => InputId,
): Promise<SitesTold> {
  const told = new Set<LaneId>();
  const unknown = new Set<string>();
  for (const { source, id, site, request } of events) {
    const lanes = ports.apps.lanes().filter((lane) => isSame(ports.apps.policy(lane).site, site));
    if (lanes.length === 0) unknown.add(site.name);
    for (const lane of lanes) {
      const input: Input = { id: idOf(lane, source, id), lane, type: 'site-changed', request };
      await ports.inbox.send(input, { purpose: '' });
      told.add(lane);
    }
  }
  return { events: events.length, lanes: [...told], unknown: [...unknown], others };
}

/** Azure keeps the spelling of names and compares them without regard to case. */
function isSame(site: SiteRef, other: SiteEvent['site']): boolean {
  const same = (key: keyof SiteEvent['site']): boolean => site[key].toLowerCase() === other[key].toLowerCase();
  return same('subscriptionId') && same('resourceGroup') && same('name');
}
