import { randomUUID } from 'node:crypto';
import type { Call } from '../call.ts';
import type { Refusal, StoredOperation } from '../state.ts';
import type { Site, World } from '../world.ts';

const KEPT = 200;

/** The operation that holds the site: a running one, or the last swap while reads still lag behind it. */
export function holding(site: Site, nowMs: number): StoredOperation | undefined {
  const running = site.stored.operations.find(({ status }) => status === 'running');
  if (running !== undefined) return running;
  return site.lag !== null && nowMs < site.lag.untilMs ? site.lag.after : undefined;
}

/** App Service runs one operation at a time per site; others are refused with its code 59203. */
export function refusedAsBusy(site: Site, nowMs: number): Refusal | undefined {
  const operation = holding(site, nowMs);
  return operation === undefined ? undefined : busy(operation);
}

export const busy = (operation: Pick<StoredOperation, 'id' | 'name' | 'startedAt'>): Refusal => ({
  status: 409,
  code: 'Conflict',
  extendedCode: '59203',
  message:
    `Cannot modify this site because another operation is in progress. Details: Id: ${operation.id}, ` +
    `OperationName: ${operation.name}, CreatedTime: ${operation.startedAt}, EntityType: 3`,
});

/** While a swap with preview is pending on any slot, no slot of the site can be changed otherwise. */
export function refusedAsPrepared(site: Site): Refusal | undefined {
  const prepared = Object.entries(site.stored.slots).find(([, slot]) => slot.targetSwapSlot !== null);
  if (prepared === undefined) return undefined;
  return {
    status: 409,
    code: 'Conflict',
    message: `The slot cannot be changed because its configuration settings have been prepared for swap. Slot: ${prepared[0]}`,
  };
}

/** Who begins an operation: a received call, or a person, of whose call nothing is noted. */
export interface Sender {
  call: number | null;
  clientRequestId: string | null;
}

export const aPerson: Sender = { call: null, clientRequestId: null };

export function senderOf({ n, headers }: Call): Sender {
  const id = headers['x-ms-client-request-id'];
  return { call: n, clientRequestId: typeof id === 'string' ? id : null };
}

/** Takes the site for a new operation. The caller has seen that it is free. */
export function begin(
  world: World,
  site: Site,
  what: Pick<StoredOperation, 'name' | 'slot' | 'target' | 'phase'>,
  { call, clientRequestId }: Sender,
): StoredOperation {
  const operation: StoredOperation = {
    ...what,
    call,
    clientRequestId: clientRequestId ?? randomUUID(),
    id: randomUUID(),
    status: 'running',
    switched: false,
    startedAt: new Date().toISOString(),
    error: null,
  };
  site.stored.operations = [operation, ...site.stored.operations].slice(0, KEPT);
  world.state.save();
  return operation;
}

export function end(world: World, site: Site, operation: StoredOperation, error: Refusal | null): void {
  operation.status = error === null ? 'succeeded' : 'failed';
  operation.phase = 'ended';
  operation.error = error;
  world.state.save();
  if (operation.name === 'SwapSiteSlots')
    world.events.raise(site.name, error === null ? 'SlotSwapCompleted' : 'SlotSwapFailed', operation);
}

/** `inProgressOperationId` as a reader sees it now: only swaps show, and only some time after they were accepted. */
export function shownOperationId(world: World, site: Site, slot: string, nowMs: number): string | null {
  const swap = site.stored.operations.find(
    ({ status, name, startedAt }) =>
      status === 'running' &&
      name === 'SwapSiteSlots' &&
      Date.parse(startedAt) + world.timing.operationVisibleMs <= nowMs,
  );
  return swap !== undefined && (swap.slot === slot || swap.target === slot) ? swap.id : null;
}
