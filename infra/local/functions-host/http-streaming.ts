import { randomUUID } from 'node:crypto';
import { type Agent, request as sendRequest } from 'node:http';
import { Server } from 'node:net';
import { headerTexts, queryTexts } from './http-buffered.ts';
import type { Routed } from './http-front.ts';
import type { Invocations } from './invocations.ts';
import type { ProgrammingModel, RpcTypedData } from './rpc.ts';
import { hostSpan } from './trace-context.ts';

/** The library's own HTTP server, when the app has asked for streaming. */
export interface StreamProxy {
  origin: string;
  close(): void;
}

/**
 * Asks the library for its capabilities, on which it opens its proxy if the app called `setup({enableHttpStream: true})`.
 * It would listen on all interfaces; here nothing but the loopback may answer, so its one `listen` call, which is made
 * before the promise is returned, is led to 127.0.0.1.
 */
export async function startModel(model: ProgrammingModel): Promise<StreamProxy | undefined> {
  const servers: Server[] = [];
  const listen = Server.prototype.listen;
  Server.prototype.listen = function listenOnLoopback(this: Server, ...args: unknown[]): Server {
    servers.push(this);
    const ready = args.find((arg) => typeof arg === 'function') as (() => void) | undefined;
    return listen.call(this, { port: 0, host: '127.0.0.1' }, ready);
  } as typeof listen;
  let asked: ReturnType<ProgrammingModel['getCapabilities']>;
  try {
    asked = model.getCapabilities({});
  } finally {
    Server.prototype.listen = listen;
  }
  const { HttpUri } = await asked;
  if (!HttpUri) return undefined;
  return {
    origin: `http://127.0.0.1:${new URL(HttpUri).port}`,
    close: () => {
      for (const server of servers) {
        server.close();
        (server as Partial<import('node:http').Server>).closeAllConnections?.();
      }
    },
  };
}

interface Way {
  proxy: StreamProxy;
  agent: Agent;
  /** How long the host waits for a sign of life of the proxied answer. */
  inactivityMs: number;
}

const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade']);

/**
 * Answers a request in streaming mode: the request itself goes to the library's server, the invocation carries only
 * headers, query and route values. The answer comes back over that connection. If the handler throws, the library leaves
 * the connection unanswered and the host waits for it before it looks at the failure: the client hears nothing until the
 * inactivity limit (240 s on the real host), then 504.
 */
export async function answerStreaming(invocations: Invocations, way: Way, routed: Routed): Promise<void> {
  const { fn, params, url, request } = routed;
  const invocationId = randomUUID();
  const triggerMetadata: Record<string, RpcTypedData> = {
    Headers: { json: JSON.stringify(headerTexts(request.headers)) },
    Query: { json: JSON.stringify(queryTexts(url)) },
  };
  for (const [name, value] of Object.entries(params)) triggerMetadata[name] = { string: value };
  const traceContext = hostSpan(request.headers.traceparent, request.headers.tracestate);
  const input = { inputData: [{ name: fn.input, data: { string: '' } }], triggerMetadata, traceContext };
  const invoked = invocations.run(fn.registered, input, invocationId).catch(() => undefined);
  await forward(way, routed, invocationId);
  await invoked;
}

function forward(way: Way, { url, request, response }: Routed, invocationId: string): Promise<void> {
  return new Promise((resolve) => {
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !hopByHop.has(name)));
    const proxied = sendRequest(way.proxy.origin, {
      path: `${url.pathname}${url.search}`,
      agent: way.agent,
      method: request.method ?? 'GET',
      headers: {
        ...headers,
        'x-ms-invocation-id': invocationId,
        'x-forwarded-host': url.host,
        'x-forwarded-proto': 'http',
        'x-forwarded-for': request.socket.remoteAddress ?? '',
      },
      timeout: way.inactivityMs,
    });
    const fail = (status: number): void => {
      proxied.destroy();
      if (response.headersSent) response.destroy();
      else response.writeHead(status).end();
      resolve();
    };
    proxied.on('timeout', () => fail(504));
    proxied.on('error', () => fail(502));
    proxied.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders.filter(isHeaderToPass(answer.rawHeaders)));
      answer.pipe(response);
      answer.on('error', () => fail(502));
      answer.on('end', resolve);
    });
    response.on('close', () => {
      // The library waits for ever for a request that never reached it, so one that is cut off still gets there first.
      if (!response.writableFinished) setTimeout(() => proxied.destroy(), 1_000).unref();
      resolve();
    });
    // At once, not with the first of the body: that may never come.
    proxied.flushHeaders();
    request.pipe(proxied);
  });
}

/** Keeps names and values of all headers but those of the one connection and the host's own mark. */
function isHeaderToPass(raw: string[]): (text: string, index: number) => boolean {
  const dropped = new Set([...hopByHop, 'transfer-encoding', 'x-ms-invocation-id']);
  return (_text, index) => !dropped.has((raw[index - (index % 2)] ?? '').toLowerCase());
}
