import type { Answer, Call } from '../call.ts';
import type { Site, World } from '../world.ts';

/** A call to one slot of a known site, production being a slot like others here. */
export interface SlotCall {
  world: World;
  site: Site;
  slot: string;
  call: Call;
  /** The last part of the path, where the route ends in `{id}`. */
  id: string;
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** The path below the site or slot, in lower case; `{id}` at its end stands for one part. */
  path: string;
  /** The action below `Microsoft.Web/sites` or `Microsoft.Web/sites/slots` the caller's role must allow. */
  action: string;
  /** Only at the site, not below one of its slots. */
  siteOnly?: true;
  handle: (target: SlotCall) => Answer | Promise<Answer>;
}

/** What a path names: site, slot, and what comes below. Undefined for what is no App Service site. */
export interface SitePath {
  subscriptionId: string;
  resourceGroup: string;
  site: string;
  slot: string;
  below: string;
  isSlotPath: boolean;
}

const PATH =
  /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/microsoft\.web\/sites\/([^/]+)(?:\/slots\/([^/]+))?(\/.*)?$/i;

/** Reads a resource path; ARM does not mind its case. */
export function readSitePath(pathname: string): SitePath | undefined {
  const found = PATH.exec(pathname);
  if (found === null) return undefined;
  const [, subscriptionId = '', resourceGroup = '', site = '', slot, below = ''] = found;
  return {
    subscriptionId,
    resourceGroup,
    site: decodeURIComponent(site),
    slot: slot === undefined ? 'production' : decodeURIComponent(slot),
    below: below.replace(/\/$/, ''),
    isSlotPath: slot !== undefined,
  };
}

export function findRoute(
  routes: readonly Route[],
  method: string,
  path: SitePath,
): { route: Route; id: string } | undefined {
  const below = path.below.toLowerCase();
  const parent = below.slice(0, below.lastIndexOf('/'));
  for (const route of routes) {
    if (route.method !== method || (route.siteOnly && path.isSlotPath)) continue;
    if (route.path === below) return { route, id: '' };
    if (route.path === `${parent}/{id}` && parent !== '') return { route, id: path.below.slice(parent.length + 1) };
  }
  return undefined;
}
