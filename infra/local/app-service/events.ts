import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppServiceConfig } from './config.ts';
import type { StoredOperation } from './state.ts';

export type SwapEvent =
  | 'SlotSwapStarted'
  | 'SlotSwapCompleted'
  | 'SlotSwapFailed'
  | 'SlotSwapWithPreviewStarted'
  | 'SlotSwapWithPreviewCancelled';

/** What an event is told of. */
export type Swapping = Pick<StoredOperation, 'slot' | 'target' | 'clientRequestId'>;

/** Tells a topic of Event Grid what happens to the sites. */
export interface Events {
  raise(site: string, event: SwapEvent, swapping: Swapping): void;
  close(): void;
}

const TRIES = 20;
const EVERY_MS = 250;

/** Events go out by themselves, in the shape App Service gives them; without a topic nobody is told. */
export function eventsTo({ events, subscriptionId, resourceGroup }: AppServiceConfig): Events {
  const closing = new AbortController();
  const publish = async (event: object): Promise<void> => {
    if (events === undefined) return;
    const request = {
      method: 'POST',
      headers: { 'aeg-sas-key': events.key, 'content-type': 'application/cloudevents+json; charset=utf-8' },
      body: JSON.stringify(event),
    };
    for (let tried = 0; tried < TRIES && !closing.signal.aborted; tried += 1) {
      const answer = await fetch(events.endpoint, request).catch(() => undefined);
      await answer?.arrayBuffer().catch(() => undefined);
      if (answer?.ok) return;
      await sleep(EVERY_MS, undefined, { ref: false, signal: closing.signal }).catch(() => undefined);
    }
    if (!closing.signal.aborted) console.error('app-service: an event was not taken by its topic');
  };
  return {
    raise(site, event, { slot, target, clientRequestId }) {
      const below = `subscriptions/${subscriptionId}`;
      void publish({
        id: randomUUID(),
        source: `/${below}/resourceGroups/${resourceGroup}/providers/Microsoft.Web/sites/${site}`,
        subject: `/Microsoft.Web/sites/${site}`,
        type: `Microsoft.Web.${event}`,
        time: new Date().toISOString(),
        specversion: '1.0',
        data: {
          appEventTypeDetail: null,
          name: site,
          clientRequestId,
          correlationRequestId: randomUUID(),
          requestId: randomUUID(),
          address: `/websystems/WebSites/web/${below}/webspaces/${resourceGroup}-webspace/sites/${site}/slots?Command=SWAP&targetSlot=${target}`,
          verb: 'POST',
          sourceSlot: slot,
          targetSlot: target,
        },
      });
    },
    close: () => closing.abort(),
  };
}
