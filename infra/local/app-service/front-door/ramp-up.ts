import type { IncomingMessage } from 'node:http';
import { liveSlot, type Site, storedSlot } from '../world.ts';

const COOKIE = 'x-ms-routing-name';
const COOKIE_SECONDS = 3600;

/**
 * Which slot answers a request to production, by the ramp-up rules of production's config/web: the query `x-ms-routing-name`
 * forces one, the cookie of that name keeps a client where it was for an hour, all others roll the dice at each request.
 * Without rules production answers, and no cookie is set. Source: Azure docs, "Route production traffic to a slot".
 */
export function slotForRequest(
  site: Site,
  request: IncomingMessage,
  random: () => number,
): { slot: string; cookie?: string } {
  const rules = rampUpRules(site);
  if (rules.length === 0) return { slot: 'production' };
  const forced = new URL(request.url ?? '/', 'http://any').searchParams.get(COOKIE);
  const kept = new RegExp(`(?:^|;\\s*)${COOKIE}=([^;]+)`).exec(request.headers.cookie ?? '')?.[1];
  for (const name of [forced, kept]) {
    if (name === 'self') return { slot: 'production', cookie: cookieOf('self') };
    const rule = rules.find((candidate) => candidate.slot === name);
    if (rule !== undefined) return { slot: rule.slot, cookie: cookieOf(rule.slot) };
  }
  let roll = random() * 100;
  for (const { slot, percentage } of rules) {
    if (roll < percentage) return { slot, cookie: cookieOf(slot) };
    roll -= percentage;
  }
  return { slot: 'production', cookie: cookieOf('self') };
}

const cookieOf = (name: string): string => `${COOKIE}=${name}; Path=/; Max-Age=${COOKIE_SECONDS}; HttpOnly`;

function rampUpRules(site: Site): { slot: string; percentage: number }[] {
  const experiments = storedSlot(site, 'production').webConfig.experiments as { rampUpRules?: unknown } | undefined;
  if (!Array.isArray(experiments?.rampUpRules)) return [];
  return (experiments.rampUpRules as Record<string, unknown>[]).flatMap(
    ({ name, actionHostName, reroutePercentage }) => {
      const slot = [...site.slots.keys()].find(
        (candidate) => candidate === name || liveSlot(site, candidate).hostName === actionHostName,
      );
      return slot === undefined ? [] : [{ slot, percentage: Number(reroutePercentage ?? 0) }];
    },
  );
}
