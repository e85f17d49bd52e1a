import type { Settings } from '../config.ts';

/**
 * The settings content brings with it, under the sticky ones of a slot: `content`'s values that move, and `slot`'s values
 * of the names in `sticky`. A sticky name the slot has no value for is absent, whatever the content had.
 */
export function underStickyOf(content: Settings, slot: Settings, sticky: readonly string[]): Settings {
  const isSticky = new Set(sticky);
  return {
    ...Object.fromEntries(Object.entries(content).filter(([name]) => !isSticky.has(name))),
    ...Object.fromEntries(Object.entries(slot).filter(([name]) => isSticky.has(name))),
  };
}

/** The environment of a process: its app settings, and what App Service adds. Nothing else of ours is handed on. */
export function workerEnvironment(
  settings: Settings,
  place: { site: string; slot: string; hostName: string },
): Settings {
  const inherited: Settings = {};
  for (const name of ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'NODE_EXTRA_CA_CERTS']) {
    const value = process.env[name];
    if (value !== undefined) inherited[name] = value;
  }
  return {
    ...inherited,
    ...settings,
    WEBSITE_SITE_NAME: place.site,
    // App Service's own spelling for the slot nobody names.
    WEBSITE_SLOT_NAME: place.slot === 'production' ? 'Production' : place.slot,
    WEBSITE_HOSTNAME: place.hostName,
  };
}
