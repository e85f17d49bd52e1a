import type { Look, Published } from '../../shared/lane/look.ts';
import { type Sent, type SitePort, Unavailable } from '../../shared/ports.ts';
import type { Core, Worker } from './core.ts';
import type { Network } from './network.ts';
import type { Content, Site } from './site.ts';

/** What the port needs to know besides the site. */
export interface SiteWorld {
  core: Core;
  site: Site;
  network: Network;
  /** Whether a slot is identified by the app setting beside its content, instead of by the content. */
  labels: boolean;
  /** What a publish of the package at this address puts into the slot. */
  contentAt(packageUrl: string): Omit<Content, 'kudu'>;
  /** A look was taken: what it shows had happened by then. */
  looked(at: Date, acts: number, since: number): void;
}

const downMs = 5_000;

/** The site as one worker reaches it: reads come one after the other, requests of acts by the network. */
export function sitePort(world: SiteWorld, worker: Worker, now: () => Date): SitePort {
  const { core, site, network } = world;
  const read = async <Value>(what: string, run: () => Value): Promise<Value> => {
    if (core.faults.strikes('site-down', 0.02)) {
      await core.wait(worker, `${what}: no answer`, downMs);
      throw new Unavailable(`${what}: no answer`);
    }
    return core.pass(worker, what, run);
  };
  const slotLook = ({ kudu, version, label }: Content) => ({
    identity: world.labels ? { kudu: label, version: label } : { kudu, version },
    answers: true,
  });
  const taken = (operation: { id: string }): Sent => {
    const token = core.faults.strikes('poll-lost', 0.15) ? null : operation.id;
    return { end: 'done', value: { token, complete: false } };
  };
  const unlessBusy = (run: () => Sent): Sent => {
    const busy = site.busy();
    if (busy === null) return run();
    core.say('site', `refuses: ${busy}`);
    return { end: 'refused', because: busy };
  };
  const poll = (token: string) =>
    read(`poll ${token}`, () => {
      const operation = site.operations.get(token);
      if (operation === undefined || core.faults.strikes('poll-lost', 0.1))
        return { state: 'lost', because: '404: no such operation' } as const;
      if (operation.state !== 'ended') return { state: 'running' } as const;
      return { state: 'ended', well: operation.well, because: operation.because } as const;
    });

  return {
    look: (_site, { intent, freshConnections }) => look(intent, freshConnections),
    sendSwap: (_site, intent, deadlineMs) =>
      network.send(worker, 'swap', intent, deadlineMs, () => unlessBusy(() => taken(site.startSwap(intent)))),
    sendPublish: (_site, intent, packageUrl, deadlineMs) =>
      network.send(worker, 'publish', intent, deadlineMs, () =>
        unlessBusy(() => taken(site.startPublish(intent, world.contentAt(packageUrl)))),
      ),
    settings: () => read('settings of staging', () => ({ ...site.settings })),
    sendSettings: (_site, intent, settings, deadlineMs) =>
      network.send(worker, 'settings', intent, deadlineMs, () =>
        unlessBusy(() => {
          site.replaceSettings(settings);
          return { end: 'done', value: { token: null, complete: true } };
        }),
      ),
    sendReset: (_site, intent, deadlineMs) =>
      network.send(worker, 'reset', intent, deadlineMs, () =>
        unlessBusy(() => {
          site.target = null;
          return { end: 'done', value: { token: null, complete: true } };
        }),
      ),
    pollSwap: (_site, token) => poll(token),
    pollPublish: (_site, token) => poll(token),
    ask: async (_site, slot, { path }) => {
      const content = await core.pass(worker, `ask ${slot} ${path}`, () => {
        const asked = site[slot].value;
        if (slot === 'staging' && path === '/' && isWell(asked, slot, core.time.now())) asked.verified = true;
        return asked;
      });
      const status = isWell(content, slot, core.time.now()) ? 200 : 500;
      return { answered: true, status, headers: {}, body: '', latencyMs: 20 };
    },
    identity: (_site, slot) =>
      read(`identity of ${slot}`, () => {
        return slotLook(site[slot].at(core.time.now(), site.acts).value);
      }),
    address: async (_site, slot) => `https://shop-${slot}.example`,
  };

  async function look(intent: string | null, freshConnections: number): Promise<Look> {
    const began = now();
    const seen = <Value>(shown: { at(now: number, acts: number): { value: Value; acts: number } }) =>
      shown.at(core.time.now(), site.acts);
    const arm = await read('look at production', () => ({
      production: seen(site.production),
      stamp: seen(site.stamp),
      since: core.time.now(),
      operation: site.operation?.state === 'running' ? site.operation.id : null,
      targetSwapSlot: site.target,
      warmUpPing: { production: { ...site.ping }, staging: site.stagingPing() },
    }));
    const staging = await read('look at staging', () => ({
      content: seen(site.staging),
      published: intent === null ? null : publishedAs(intent),
      fresh: seen(site.production),
    }));
    const acts = Math.min(arm.production.acts, arm.stamp.acts, staging.content.acts, staging.fresh.acts);
    const at = now();
    worker.looked = acts;
    world.looked(at, acts, arm.since);
    return {
      began,
      at,
      production: slotLook(arm.production.value),
      staging: slotLook(staging.content.value),
      stamp: arm.stamp.value,
      operation: arm.operation,
      targetSwapSlot: arm.targetSwapSlot,
      freshAnswers: Array.from({ length: freshConnections }, () => staging.fresh.value.version),
      rampUpPercent: 0,
      autoSwapSlot: null,
      warmUpPing: arm.warmUpPing,
      published: staging.published,
    };
  }

  function publishedAs(intent: string): Published {
    const found = site.published.get(intent);
    if (found === undefined || found.operation.state === 'hidden') return { state: 'none' };
    const { operation } = found;
    const kudu = world.labels ? found.version : found.kudu;
    if (operation.state === 'running') return { state: 'running', kudu };
    if (!operation.well) return { state: 'failed', kudu, because: operation.because };
    return {
      state: 'complete',
      kudu,
      active: slotLook(site.staging.at(core.time.now(), 0).value).identity.kudu === kudu,
    };
  }
}

function isWell({ traits, badFrom }: Content, slot: 'production' | 'staging', now: number): boolean {
  if (slot === 'staging') return !traits.badInStaging;
  return badFrom === null || now < badFrom;
}
