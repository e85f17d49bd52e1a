import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OnRequest } from '../listener.ts';
import { liveSlot, type Site } from '../world.ts';
import { proxy } from './proxy.ts';
import { slotForRequest } from './ramp-up.ts';

const DEFAULT_PAGE =
  '<!doctype html><title>App Service</title><h1>Your web app is running and waiting for your content</h1>\n';

/**
 * The front door of one slot. For each request it asks anew which process serves the slot, so a swap moves all requests
 * that come after it, on old connections and new ones alike, while those before it end where they began.
 */
export function frontDoor(site: Site, slotName: string): OnRequest {
  return (request: IncomingMessage, response: ServerResponse) => {
    const { slot, cookie } =
      slotName === 'production' ? slotForRequest(site, request, Math.random) : { slot: slotName, cookie: undefined };
    const { runner } = liveSlot(site, slot);
    if (runner.worker !== undefined) return proxy(runner.worker, request, response, cookie);
    // Nothing of the body is wanted; unread it would block the connection.
    request.resume();
    if (runner.isEmpty) response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(DEFAULT_PAGE);
    else response.writeHead(503, { 'content-type': 'text/plain', 'retry-after': '1' }).end('Service Unavailable\n');
  };
}
