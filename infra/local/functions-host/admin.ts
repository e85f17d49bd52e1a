import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IndexedFunction } from './indexing.ts';
import type { Invocations } from './invocations.ts';
import type { InvocationInput } from './rpc.ts';
import { serviceBusInputOfText } from './service-bus-input.ts';
import { timerInput } from './timers.ts';

/**
 * The host's own paths: `POST /admin/functions/{name}` with `{"input": text}` runs a timer or Service Bus function by
 * hand and answers 202 at once; `GET /admin/functions` names them all; `GET /admin/host/status` says that it runs.
 */
export async function answerAdmin(
  functions: IndexedFunction[],
  invocations: Invocations,
  { url, request, response }: { url: URL; request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const path = url.pathname.replace(/\/+$/, '').toLowerCase();
  if (request.method === 'GET' && path === '/admin/host/status') return json(response, 200, { state: 'Running' });
  if (request.method === 'GET' && path === '/admin/functions') {
    return json(
      response,
      200,
      functions.map(({ name, kind, disabled }) => ({ name, kind, disabled })),
    );
  }
  const wanted = /^\/admin\/functions\/([^/]+)$/.exec(path)?.[1];
  const fn = functions.find((one) => one.name.toLowerCase() === wanted);
  if (request.method !== 'POST' || !fn) return json(response, 404, { message: `no function at ${url.pathname}` });
  if (fn.kind === 'http') return json(response, 400, { message: `call "${fn.name}" by its route` });
  const input = manualInput(fn, await inputText(request));
  response.writeHead(202).end();
  await invocations.run(fn.registered, input).catch(() => undefined);
}

function manualInput(fn: Exclude<IndexedFunction, { kind: 'http' }>, text: string): InvocationInput {
  switch (fn.kind) {
    case 'timer':
      return timerInput(fn, undefined, new Date());
    case 'service-bus':
      return serviceBusInputOfText(fn, text);
  }
}

async function inputText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  try {
    const { input } = JSON.parse(text) as { input?: unknown };
    return typeof input === 'string' ? input : input === undefined ? '' : JSON.stringify(input);
  } catch {
    return '';
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
