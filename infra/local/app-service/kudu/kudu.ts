import { mayAct } from '../arm/roles.ts';
import { checkBearer } from '../bearer.ts';
import type { Answer, Call } from '../call.ts';
import { startPublish } from '../slots/publish.ts';
import { type Site, storedSlot, type World } from '../world.ts';
import { deploymentResource, listed } from './deployments.ts';
import { readPublish } from './publish-request.ts';

/**
 * Kudu of one slot, with the contract of Kudu.Services' PushDeploymentController and DeploymentController.
 * The same tokens open it as open ARM, to whom the role allows `publish/action` on the slot.
 */
export function kuduOf(world: World, site: Site, slot: string): (call: Call) => Promise<Answer> {
  const action = `Microsoft.Web/sites/${slot === 'production' ? '' : 'slots/'}publish/action`;
  return async (call) => {
    const bearer = checkBearer(call.headers.authorization, world.config.tokenKey, Date.now());
    if (!bearer.ok) return { status: 401, body: `401 Unauthorized: token ${bearer.why}\n` };
    if (!mayAct(world.config.roleActions, action))
      return { status: 403, body: `403 Forbidden: ${action} is not allowed\n` };
    const path = call.url.pathname.replace(/\/$/, '').toLowerCase();
    if (path === '/api/zipdeploy' || path === '/api/publish') {
      if (call.method !== 'POST' && call.method !== 'PUT') return { status: 405, body: 'publish with POST or PUT\n' };
      return publish(world, site, slot, call);
    }
    const found = /^\/api\/deployments(?:\/([^/]+))?(\/log)?$/.exec(path);
    if (found === null || call.method !== 'GET') return { status: 404, body: `nothing at ${call.method} ${path}\n` };
    return deployments(site, slot, call, found[1], found[2] !== undefined);
  };
}

async function publish(world: World, site: Site, slot: string, call: Call): Promise<Answer> {
  const request = readPublish(call);
  if ('bad' in request) return { status: 400, body: request.bad };
  if (/^https?:/i.test(storedSlot(site, slot).appSettings.WEBSITE_RUN_FROM_PACKAGE ?? ''))
    return {
      status: 409,
      body: 'Run-From-Zip is set to a remote URL using WEBSITE_RUN_FROM_PACKAGE app setting. Deployment is not supported in this configuration.',
    };
  const started = startPublish(world, site, slot, request.publish, call.n);
  if ('refusal' in started)
    return {
      status: 409,
      body: `There is a deployment currently in progress. Please try again when it completes. ${started.refusal.message}`,
    };
  const { deployment, ended } = started;
  const tracked: Record<string, string> = request.isTracked ? { 'scm-deployment-id': deployment.id } : {};
  if (!request.isAsync) {
    await ended;
    const isWell = deployment.status === 4;
    return { status: isWell ? 200 : 400, headers: tracked, ...(isWell ? {} : { body: deployment.statusText }) };
  }
  const query = new URLSearchParams({ deployer: deployment.deployer, time: deployment.receivedTime });
  const location = `${call.url.origin}/api/deployments/latest?${query}`;
  return { status: 202, headers: { ...tracked, location, 'retry-after': '30' } };
}

/** The list, one by its id, or `latest`, which alone is answered 202 while it is under way. A 200 may be a failed deployment. */
function deployments(site: Site, slot: string, call: Call, id: string | undefined, isLog: boolean): Answer {
  const all = listed(site, slot);
  const resource = ({ deployment, isActive }: (typeof all)[number]): object =>
    deploymentResource(deployment, isActive, call.url.origin, site.name);
  if (id === undefined) return { status: 200, body: all.map(resource) };
  const found = id === 'latest' ? all[0] : all.find(({ deployment }) => deployment.id === id);
  if (found === undefined) return { status: 404, body: `Deployment '${id}' not found.` };
  if (isLog) {
    const entries = found.deployment.log.map(({ at, message }, index) => ({
      log_time: at,
      id: String(index),
      message,
      type: 0,
    }));
    return { status: 200, body: entries };
  }
  return { status: id === 'latest' && !found.deployment.complete ? 202 : 200, body: resource(found) };
}
