import { randomUUID } from 'node:crypto';
import { checkBearer } from '../bearer.ts';
import type { Answer, Call } from '../call.ts';
import type { World } from '../world.ts';
import { configRoutes } from './config-routes.ts';
import { armError, providerError } from './errors.ts';
import { mayAct } from './roles.ts';
import { findRoute, type Route, readSitePath } from './route.ts';
import { siteRoutes } from './site-routes.ts';
import { swapRoutes } from './swap-routes.ts';
import { type Throttle, throttleOf } from './throttle.ts';

const routes: Route[] = [...siteRoutes, ...configRoutes, ...swapRoutes];

const TOKEN_FAULTS: Record<'missing' | 'invalid' | 'expired' | 'audience', [code: string, message: string]> = {
  missing: ['AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing."],
  invalid: ['InvalidAuthenticationToken', 'The access token is invalid.'],
  expired: ['ExpiredAuthenticationToken', 'The access token expiry UTC time is earlier than current UTC time.'],
  audience: ['InvalidAuthenticationTokenAudience', 'The access token has been obtained for the wrong audience.'],
};

/** Azure Resource Manager for the sites of `world`: in its own order it asks who calls, how often, whether they may, and what there is. */
export function armOf(world: World): (call: Call) => Promise<Answer> {
  const throttle = world.config.throttle === undefined ? undefined : throttleOf(world.config.throttle);
  return async (call) => {
    const answer = await answerTo(world, throttle, call);
    const id = randomUUID();
    return { ...answer, headers: { 'x-ms-request-id': id, 'x-ms-correlation-request-id': id, ...answer.headers } };
  };
}

async function answerTo(world: World, throttle: Throttle | undefined, call: Call): Promise<Answer> {
  const { config } = world;
  const bearer = checkBearer(call.headers.authorization, config.tokenKey, Date.now());
  if (!bearer.ok) return armError(401, ...TOKEN_FAULTS[bearer.why]);
  const path = readSitePath(call.url.pathname);
  if (path === undefined) return armError(404, 'NotFound', 'No resource of this type is known here.');
  if (!call.url.searchParams.has('api-version'))
    return armError(400, 'MissingApiVersionParameter', 'The api-version query parameter (?api-version=) is required.');

  const kind = call.method === 'GET' ? 'reads' : 'writes';
  const taken = throttle?.take(kind, Date.now());
  if (taken !== undefined && taken.retryAfterSeconds !== null) {
    const retry = String(taken.retryAfterSeconds);
    return armError(429, 'TooManyRequests', `Too many ${kind}. Try again after ${retry} seconds.`, {
      'retry-after': retry,
    });
  }
  const headers: Record<string, string> =
    taken === undefined ? {} : { [`x-ms-ratelimit-remaining-subscription-${kind}`]: String(taken.remaining) };

  const found = findRoute(routes, call.method, path);
  if (found === undefined) return armError(404, 'NotFound', `No ${call.method} is known for ${call.url.pathname}.`);
  const action = `Microsoft.Web/sites/${path.isSlotPath ? 'slots/' : ''}${found.route.action}`;
  if (!mayAct(config.roleActions, action)) return forbidden(bearer.objectId, action, call.url.pathname);

  const site = siteOf(world, path);
  if ('missing' in site) return site.missing;
  const slot = [...site.site.slots.keys()].find((name) => name.toLowerCase() === path.slot.toLowerCase());
  if (slot === undefined)
    return providerError({ status: 404, code: 'NotFound', message: `Cannot find slot with name '${path.slot}'.` });
  const answer = await found.route.handle({ world, site: site.site, slot, call, id: found.id });
  return { ...answer, headers: { ...headers, ...answer.headers } };
}

function siteOf(world: World, path: { subscriptionId: string; resourceGroup: string; site: string }) {
  const { subscriptionId, resourceGroup } = world.config;
  if (path.subscriptionId.toLowerCase() !== subscriptionId.toLowerCase())
    return {
      missing: armError(404, 'SubscriptionNotFound', `The subscription '${path.subscriptionId}' could not be found.`),
    };
  if (path.resourceGroup.toLowerCase() !== resourceGroup.toLowerCase())
    return {
      missing: armError(404, 'ResourceGroupNotFound', `Resource group '${path.resourceGroup}' could not be found.`),
    };
  const site = [...world.sites.values()].find(({ name }) => name.toLowerCase() === path.site.toLowerCase());
  const message = `The Resource 'Microsoft.Web/sites/${path.site}' under resource group '${resourceGroup}' was not found.`;
  return site === undefined ? { missing: armError(404, 'ResourceNotFound', message) } : { site };
}

const forbidden = (objectId: string, action: string, scope: string): Answer =>
  armError(
    403,
    'AuthorizationFailed',
    `The client '${objectId}' with object id '${objectId}' does not have authorization to perform action '${action}' ` +
      `over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
