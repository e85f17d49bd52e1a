import { randomUUID } from 'node:crypto';
import { type Answer, type Call, jsonOf } from '../call.ts';
import type { SwapEvent } from '../events.ts';
import { refusedAsBusy, refusedAsPrepared, senderOf } from '../slots/operations.ts';
import { restart } from '../slots/serving.ts';
import { startSwap } from '../slots/swap.ts';
import type { Refusal } from '../state.ts';
import { type Site, storedSlot, type World } from '../world.ts';
import { providerError } from './errors.ts';
import { resourceId, siteResource } from './resources.ts';
import type { Route, SlotCall } from './route.ts';

/** Swap, its result, and the two halves of a swap with preview. The slot in the path is the one that is prepared. */
export const swapRoutes: Route[] = [
  {
    method: 'POST',
    path: '/slotsswap',
    action: 'slotsswap/action',
    handle: (target) =>
      towards(target, (other) => {
        const started = startSwap(target.world, target.site, target.slot, other, senderOf(target.call));
        if ('refusal' in started) return providerError(started.refusal);
        return { status: 202, headers: { location: resultLocation(target, started.operation.id) } };
      }),
  },
  {
    method: 'GET',
    path: '/operationresults/{id}',
    action: 'operationresults/read',
    handle: (target) => {
      const { world, site, slot, id } = target;
      const operation = site.stored.operations.find((candidate) => candidate.id === id);
      if (operation === undefined)
        return providerError({ status: 404, code: 'NotFound', message: `Operation ${id} was not found.` });
      if (operation.status === 'running') return { status: 202, headers: { location: resultLocation(target, id) } };
      return operation.error === null
        ? { status: 200, body: siteResource(world, site, slot) }
        : providerError(operation.error);
    },
  },
  {
    method: 'POST',
    path: '/applyslotconfig',
    action: 'applySlotConfig/action',
    handle: (target) =>
      towards(target, (other) => {
        const { world, site, slot, call } = target;
        const refusal = refusedAsBusy(site, Date.now()) ?? refusedAsPrepared(site);
        if (refusal !== undefined) return providerError(refusal);
        storedSlot(site, slot).targetSwapSlot = other;
        world.state.save();
        tellOfPreview(world, site, 'SlotSwapWithPreviewStarted', slot, other, call);
        void restart(world, site, slot);
        return { status: 200 };
      }),
  },
  {
    method: 'POST',
    path: '/resetslotconfig',
    action: 'resetSlotConfig/action',
    handle: ({ world, site, slot, call }) => {
      const refusal = refusedAsBusy(site, Date.now());
      if (refusal !== undefined) return providerError(refusal);
      const stored = storedSlot(site, slot);
      const target = stored.targetSwapSlot;
      if (target === null) return { status: 200 };
      stored.targetSwapSlot = null;
      world.state.save();
      tellOfPreview(world, site, 'SlotSwapWithPreviewCancelled', slot, target, call);
      void restart(world, site, slot);
      return { status: 200 };
    },
  },
];

function tellOfPreview(world: World, site: Site, event: SwapEvent, slot: string, target: string, call: Call): void {
  world.events.raise(site.name, event, {
    slot,
    target,
    clientRequestId: senderOf(call).clientRequestId ?? randomUUID(),
  });
}

function resultLocation({ world, site, slot, call }: SlotCall, id: string): string {
  const version = call.url.searchParams.get('api-version') ?? '';
  return `https://${call.url.host}${resourceId(world, site, slot)}/operationresults/${id}?api-version=${version}`;
}

function towards({ site, slot, call }: SlotCall, act: (other: string) => Answer): Answer {
  const other = jsonOf(call)?.targetSlot;
  const invalid = (message: string): Refusal => ({ status: 400, code: 'BadRequest', message });
  if (typeof other !== 'string') return providerError(invalid('The parameter targetSlot has an invalid value.'));
  const name = [...site.slots.keys()].find((candidate) => candidate.toLowerCase() === other.toLowerCase());
  if (name === undefined)
    return providerError({ status: 404, code: 'NotFound', message: `Cannot find slot with name '${other}'.` });
  if (name === slot) return providerError(invalid('Cannot swap a slot with itself.'));
  return act(name);
}
