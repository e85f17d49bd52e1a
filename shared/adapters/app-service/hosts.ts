import type { Site } from '@azure/arm-appservice';
import { get as getSite, getSlot } from '@azure/arm-appservice/api/webApps';
import type { SiteRef } from '../../lane/policy.ts';
import { LastingFailure } from '../../ports.ts';
import { type Arm, READ_DEADLINE_MS } from './arm.ts';
import { translated } from './arm-errors.ts';

export type SlotName = 'production' | 'staging';

/** Where one slot answers: its app, and its Kudu. Host names are cut and given suffixes by Azure: they are read, never built. */
export interface Hosts {
  app: string;
  scm: string;
}

/** Host names of a slot practically never change; asking ARM for them each time would cost a read for every question. */
const KEPT_MS = 60_000;

export interface HostBook {
  of(site: SiteRef, slot: SlotName): Promise<Hosts>;
  /** What a read of the slot just told. */
  learn(site: SiteRef, slot: SlotName, found: Site): Hosts;
}

export function hostBook(arm: (subscriptionId: string) => Arm, now: () => Date): HostBook {
  const known = new Map<string, { hosts: Hosts; at: number }>();
  const keyOf = (site: SiteRef, slot: SlotName): string => JSON.stringify([site, slot]);
  const book: HostBook = {
    async of(site, slot) {
      const kept = known.get(keyOf(site, slot));
      if (kept !== undefined && now().getTime() - kept.at < KEPT_MS) return kept.hosts;
      return book.learn(site, slot, await readSlot(arm(site.subscriptionId), site, slot));
    },
    learn(site, slot, found) {
      const app = found.defaultHostName;
      const scm = found.hostNameSslStates?.find(({ hostType }) => hostType === 'Repository')?.name;
      if (!app || !scm) throw new LastingFailure(`${site.name} (${slot}) has no host name, or no SCM host`);
      const hosts = { app, scm };
      known.set(keyOf(site, slot), { hosts, at: now().getTime() });
      return hosts;
    },
  };
  return book;
}

/** The site or its slot, as ARM shows it. Throws Unavailable or LastingFailure. */
export async function readSlot(arm: Arm, site: SiteRef, slot: SlotName): Promise<Site> {
  const { resourceGroup, name } = site;
  const options = { abortSignal: AbortSignal.timeout(READ_DEADLINE_MS) };
  try {
    return slot === 'production'
      ? await getSite(arm.reads, resourceGroup, name, options)
      : await getSlot(arm.reads, resourceGroup, name, site.slot, options);
  } catch (error) {
    throw translated(`reading ${name} (${slot})`, error);
  }
}
