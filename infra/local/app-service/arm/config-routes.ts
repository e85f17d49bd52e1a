import { type Answer, jsonOf } from '../call.ts';
import type { Settings } from '../config.ts';
import { refusedAsBusy, refusedAsPrepared } from '../slots/operations.ts';
import { restart } from '../slots/serving.ts';
import type { SlotConfigNames } from '../state.ts';
import { storedSlot } from '../world.ts';
import { providerError } from './errors.ts';
import { appSettingsResource, slotConfigNamesResource, webConfigResource } from './resources.ts';
import type { Route, SlotCall } from './route.ts';

/** config/web, app settings and the names of the sticky ones. Every write is refused while an operation or a preview holds the site. */
export const configRoutes: Route[] = [
  {
    method: 'GET',
    path: '/config/web',
    action: 'config/read',
    handle: ({ world, site, slot }) => ({ status: 200, body: webConfigResource(world, site, slot) }),
  },
  {
    method: 'PATCH',
    path: '/config/web',
    action: 'config/write',
    handle: (target) =>
      writing(target, (properties) => {
        const { world, site, slot } = target;
        storedSlot(site, slot).webConfig = { ...storedSlot(site, slot).webConfig, ...properties };
        world.state.save();
        return { status: 200, body: webConfigResource(world, site, slot) };
      }),
  },
  {
    method: 'POST',
    path: '/config/appsettings/list',
    action: 'config/list/action',
    handle: ({ world, site, slot }) => ({ status: 200, body: appSettingsResource(world, site, slot) }),
  },
  {
    method: 'PUT',
    path: '/config/appsettings',
    action: 'config/write',
    handle: (target) =>
      writing(target, (properties) => {
        const { world, site, slot } = target;
        storedSlot(site, slot).appSettings = textOf(properties);
        storedSlot(site, slot).lastModifiedTimeUtc = new Date().toISOString();
        world.state.save();
        // The answer does not wait: for a while the old process still serves, under the old settings.
        void restart(world, site, slot);
        return { status: 200, body: appSettingsResource(world, site, slot) };
      }),
  },
  {
    method: 'GET',
    path: '/config/slotconfignames',
    action: 'config/read',
    siteOnly: true,
    handle: ({ world, site }) => ({ status: 200, body: slotConfigNamesResource(world, site) }),
  },
  {
    method: 'PUT',
    path: '/config/slotconfignames',
    action: 'config/write',
    siteOnly: true,
    handle: (target) =>
      writing(target, (properties) => {
        const { world, site } = target;
        site.stored.slotConfigNames = { ...site.stored.slotConfigNames, ...namesOf(properties) };
        world.state.save();
        return { status: 200, body: slotConfigNamesResource(world, site) };
      }),
  },
];

function writing({ site, call }: SlotCall, write: (properties: Record<string, unknown>) => Answer): Answer {
  const refusal = refusedAsBusy(site, Date.now()) ?? refusedAsPrepared(site);
  if (refusal !== undefined) return providerError(refusal);
  const properties = jsonOf(call)?.properties;
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties))
    return providerError({
      status: 400,
      code: 'BadRequest',
      message: 'The parameter properties has an invalid value.',
    });
  return write(properties as Record<string, unknown>);
}

const textOf = (properties: Record<string, unknown>): Settings =>
  Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, String(value ?? '')]));

function namesOf(properties: Record<string, unknown>): Partial<SlotConfigNames> {
  const names: Partial<SlotConfigNames> = {};
  for (const kind of ['appSettingNames', 'connectionStringNames', 'azureStorageConfigNames'] as const) {
    const given = properties[kind];
    if (Array.isArray(given)) names[kind] = given.map(String);
  }
  return names;
}
