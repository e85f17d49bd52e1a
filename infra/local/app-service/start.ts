import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningPart } from '../part.ts';
import { armOf } from './arm/arm.ts';
import { type AppServiceAddresses, type AppServiceConfig, defaultTiming, type Timing } from './config.ts';
import { controlOf } from './control/control.ts';
import { faultList } from './control/faults.ts';
import { type Gate, gated } from './control/gate.ts';
import { openRequestLog } from './control/request-log.ts';
import { eventsTo } from './events.ts';
import { frontDoor } from './front-door/front-door.ts';
import { kuduOf } from './kudu/kudu.ts';
import type { Listener, OnRequest } from './listener.ts';
import { listenAs } from './ports.ts';
import { endInterrupted, removeUnusedPackages, slotNames, storedSiteOf } from './sites.ts';
import { Runner } from './slots/runner.ts';
import { restart } from './slots/serving.ts';
import { openState } from './state.ts';
import type { Site, World } from './world.ts';

const START_WAIT_MS = 5_000;

/**
 * App Service with its resource provider, for the sites the configuration declares: ARM, a front door and a Kudu per slot, and
 * the control port. It answers when all slots that have content were started or failed to, or took longer than five seconds.
 * What was written to sites, slots and settings outlives it in `dataDir`, and then goes before what the configuration declares.
 */
export async function startAppService(config: AppServiceConfig): Promise<RunningPart<AppServiceAddresses>> {
  const timing: Timing = { ...defaultTiming, ...config.timing };
  const certificate = {
    cert: readFileSync(config.certificate.cert, 'utf8'),
    key: readFileSync(config.certificate.key, 'utf8'),
  };
  const state = openState(config.dataDir);
  const log = openRequestLog(join(config.dataDir, 'requests.ndjson'));
  const faults = faultList();
  const world: World = {
    config,
    timing: { ...timing },
    state,
    sites: new Map(),
    failingSwaps: new Map(),
    closing: false,
    events: eventsTo(config),
    onSwitched: ({ call }) => {
      if (call !== null) log.note(call, { applied: true });
    },
  };
  const gate: Gate = { log, faults, isClosing: () => world.closing };
  const listeners: Listener[] = [];
  const open = async (key: string, configured: number, onRequest: OnRequest): Promise<string> => {
    const listener = await listenAs(state.stored.ports, key, configured, certificate, onRequest);
    listeners.push(listener);
    return `127.0.0.1:${listener.port}`;
  };
  const close = async (): Promise<void> => {
    world.closing = true;
    world.events.close();
    await Promise.all(listeners.map((listener) => listener.close()));
    const runners = [...world.sites.values()].flatMap(({ slots }) => [...slots.values()].map(({ runner }) => runner));
    await Promise.all(runners.map((runner) => runner.stop()));
  };

  try {
    for (const name of Object.keys(config.sites)) {
      const site: Site = { name, stored: await storedSiteOf(config, state, name), slots: new Map(), lag: null };
      world.sites.set(name, site);
      for (const slot of slotNames(config.sites[name] ?? { slots: [] })) await openSlot(world, gate, site, slot, open);
      endInterrupted(world, site);
    }
    removeUnusedPackages(config.dataDir, state.stored.sites);
    const started = [...world.sites.values()].flatMap((site) =>
      [...site.slots.keys()].map((slot) => restart(world, site, slot, 0)),
    );
    await Promise.race([Promise.all(started), sleep(START_WAIT_MS, undefined, { ref: false })]);
    const arm = await open(
      'arm',
      config.armPort,
      gated(gate, { surface: 'arm', site: null, slot: null }, armOf(world)),
    );
    const control = await open('control', config.controlPort ?? 0, controlOf(world, timing, log, faults));
    state.save();
    return { addresses: { arm: `https://${arm}`, control: `http://${control}`, sites: addressesOf(world) }, close };
  } catch (error) {
    // What was opened before the fault must not keep this process, or its children, alive.
    await close();
    throw error;
  }
}

async function openSlot(
  world: World,
  gate: Gate,
  site: Site,
  slot: string,
  open: (key: string, configured: number, onRequest: OnRequest) => Promise<string>,
): Promise<void> {
  const ports = world.config.sites[site.name]?.ports ?? {};
  const kudu = gated(gate, { surface: 'kudu', site: site.name, slot }, kuduOf(world, site, slot));
  const hostName = await open(`${site.name}/${slot}`, ports[slot] ?? 0, frontDoor(site, slot));
  const scmHostName = await open(`${site.name}/${slot}.scm`, ports[`${slot}.scm`] ?? 0, kudu);
  site.slots.set(slot, { name: slot, hostName, scmHostName, runner: new Runner(world.timing.crashRestartMs) });
}

function addressesOf(world: World): AppServiceAddresses['sites'] {
  const sites: AppServiceAddresses['sites'] = {};
  for (const { name, slots } of world.sites.values()) {
    sites[name] = Object.fromEntries(
      [...slots.values()].map(({ name: slot, hostName, scmHostName }) => [slot, { hostName, scmHostName }]),
    );
  }
  return sites;
}
