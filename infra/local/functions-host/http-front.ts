import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from './host-log.ts';
import type { HttpFunction } from './indexing.ts';

/** A request that has found its function. */
export interface Routed {
  fn: HttpFunction;
  params: Record<string, string>;
  url: URL;
  request: IncomingMessage;
  response: ServerResponse;
}

export interface HttpFront {
  port: number;
  /** Accepts nothing new; requests that run go on. */
  stop(): void;
  /** Resolves when no request is without its whole answer. */
  answered(): Promise<void>;
  /** Ends every connection that is left. */
  close(): Promise<void>;
}

interface Parts {
  port: number;
  functions: HttpFunction[];
  log: Log;
  /** Largest body in bytes (FUNCTIONS_REQUEST_BODY_SIZE_LIMIT). */
  bodyLimit: number;
  answer(routed: Routed): Promise<void>;
  admin(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Opens the host's HTTP side on 127.0.0.1. A path without a function, or with another method, is 404. */
export async function openHttpFront(parts: Parts): Promise<HttpFront> {
  const functions = parts.functions
    .filter((one) => !one.disabled)
    .toSorted((a, b) =>
      a.route.precedence < b.route.precedence ? -1 : a.route.precedence > b.route.precedence ? 1 : 0,
    );
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    open.add(response);
    response.on('close', () => open.delete(response));
    handle({ ...parts, functions }, request, response).catch((error: unknown) => {
      parts.log({ level: 'error', message: `http: ${error instanceof Error ? error.stack : String(error)}` });
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await listen(server, parts.port);
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      server.close();
      server.closeIdleConnections();
    },
    async answered() {
      for (const response of open) {
        if (!response.closed) await new Promise((resolve) => response.once('close', resolve));
      }
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function handle(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = urlOf(request);
  if (!url) {
    response.writeHead(400).end();
    return;
  }
  if (/^\/admin\//i.test(url.pathname)) {
    await parts.admin(url, request, response);
    return;
  }
  if (Number(request.headers['content-length'] ?? 0) > parts.bodyLimit) {
    response.writeHead(413, { connection: 'close' }).end();
    return;
  }
  for (const fn of parts.functions) {
    if (!fn.methods.includes(request.method ?? '')) continue;
    const params = fn.route.match(url.pathname);
    if (!params) continue;
    await parts.answer({ fn, params, url, request, response });
    return;
  }
  response.writeHead(404).end();
}

/** The address as the client wrote it: it follows the Host header and is no more trustworthy than that. */
function urlOf(request: IncomingMessage): URL | undefined {
  try {
    const { url: target = '/', headers } = request;
    const host = headers.host ?? '127.0.0.1';
    if (/[\s/?#@\\]/.test(host)) return undefined;
    // A path is put behind the host, not resolved against it: one that begins with two slashes would name another host.
    return new URL(target.startsWith('/') ? `http://${host}${target}` : target);
  } catch {
    return undefined;
  }
}
