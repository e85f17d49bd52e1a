import { deploymentResource, listed } from '../kudu/deployments.ts';
import { refusedAsBusy } from '../slots/operations.ts';
import { restart } from '../slots/serving.ts';
import { liveSlot } from '../world.ts';
import { armError, providerError } from './errors.ts';
import { resourceId, siteResource } from './resources.ts';
import type { Route, SlotCall } from './route.ts';

/** The site and its slots themselves, restart, and Kudu's deployments as ARM shows them. */
export const siteRoutes: Route[] = [
  {
    method: 'GET',
    path: '',
    action: 'read',
    handle: ({ world, site, slot }) => ({ status: 200, body: siteResource(world, site, slot) }),
  },
  {
    method: 'GET',
    path: '/slots',
    action: 'slots/read',
    siteOnly: true,
    handle: ({ world, site }) => {
      const slots = [...site.slots.keys()].filter((slot) => slot !== 'production');
      return { status: 200, body: { value: slots.map((slot) => siteResource(world, site, slot)), nextLink: null } };
    },
  },
  {
    method: 'POST',
    path: '/restart',
    action: 'restart/action',
    handle: async ({ world, site, slot, call }) => {
      const refusal = refusedAsBusy(site, Date.now());
      if (refusal !== undefined) return providerError(refusal);
      const restarted = restart(world, site, slot);
      if (call.url.searchParams.get('synchronous') === 'true') await restarted;
      return { status: 200 };
    },
  },
  {
    method: 'GET',
    path: '/deployments',
    action: 'deployments/read',
    handle: (target) => ({ status: 200, body: { value: deploymentsOf(target), nextLink: null } }),
  },
  {
    method: 'GET',
    path: '/deployments/{id}',
    action: 'deployments/read',
    handle: (target) => {
      const found = deploymentsOf(target).find(({ name }) => name === target.id);
      return found === undefined
        ? armError(404, 'NotFound', `Deployment '${target.id}' was not found.`)
        : { status: 200, body: found };
    },
  },
];

function deploymentsOf({ world, site, slot }: SlotCall): { name: string }[] {
  const scm = `https://${liveSlot(site, slot).scmHostName}`;
  return listed(site, slot).map(({ deployment, isActive }) => ({
    id: `${resourceId(world, site, slot)}/deployments/${deployment.id}`,
    name: deployment.id,
    type: 'Microsoft.Web/sites/deployments',
    location: 'West Europe',
    properties: deploymentResource(deployment, isActive, scm, site.name),
  }));
}
