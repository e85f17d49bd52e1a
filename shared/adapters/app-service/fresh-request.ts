import type { IncomingMessage } from 'node:http';
import { guardedRequest } from '../http/guarded-request.ts';
import { ForbiddenAddress, type Network } from '../http/public-network.ts';

export interface FreshRequest {
  method?: 'GET' | 'PUT';
  /** `host` or `host:port`, from ARM. */
  host: string;
  /** Path and query; begins with `/`. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** Connecting, sending and reading end by then. */
  timeoutMs: number;
  /** Reads at most this much of the body. */
  bodyBytes: number;
}

export interface FreshAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  latencyMs: number;
}

/**
 * One https request over a connection of its own, redirects not followed: a kept connection may still lead to where it led
 * before a swap. Throws when there is no answer in time, and ForbiddenAddress where nothing was sent because the host is not at a
 * public address: an owner whose sites have private endpoints names their network in the settings.
 */
export type Fresh = (asked: FreshRequest) => Promise<FreshAnswer>;

export const freshOver =
  (network: Network): Fresh =>
  async ({ method = 'GET', host, path, headers = {}, body, timeoutMs, bodyBytes }) => {
    if (!path.startsWith('/')) throw new TypeError(`a path begins with /, this one is ${path}`);
    const url = urlOf(host);
    const started = performance.now();
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const asked = { method, url, path, headers, signal, ...(body === undefined ? {} : { body }) };
      const response = await guardedRequest(network, asked);
      const read = await bodyOf(response, bodyBytes);
      return {
        status: response.statusCode ?? 0,
        headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
        body: read,
        latencyMs: Math.round(performance.now() - started),
      };
    } catch (error) {
      throw signal.aborted ? new Error(`no answer within ${timeoutMs} ms`, { cause: error }) : error;
    }
  };

/** A host is a host and nothing else: no user, no path. */
function urlOf(host: string): URL {
  const text = `https://${host}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.href !== `${url.origin}/`) throw new ForbiddenAddress('what ARM names as a host is none');
  return url;
}

async function bodyOf(response: IncomingMessage, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= mostBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8');
}
