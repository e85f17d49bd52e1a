import { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse, request as send } from 'node:http';
import type { Worker } from '../slots/worker.ts';

/** Headers that are about one connection only (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade']);

/**
 * Hands one request to a process and its answer back. The process counts it until the answer is out or the client has gone.
 * 502 where the process gives no answer; an answer that breaks off amid its body breaks the client's connection too.
 */
export function proxy(
  worker: Worker,
  request: IncomingMessage,
  response: ServerResponse,
  cookie: string | undefined,
): void {
  const leave = worker.enter();
  response.once('close', leave);
  const hasBody = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined;
  forward(worker, request, response, cookie, hasBody);
}

function forward(
  worker: Worker,
  request: IncomingMessage,
  response: ServerResponse,
  cookie: string | undefined,
  hasBody: boolean,
): void {
  const upstream = send({
    host: '127.0.0.1',
    port: worker.port,
    method: request.method,
    path: request.url,
    headers: forwardedHeaders(request),
    // A body can be sent once only, so it never goes out on a kept connection the process may be closing right now.
    agent: hasBody ? false : worker.agent,
  });
  upstream.once('response', (answer) => {
    const headers = answer.rawHeaders.flatMap((name, at, all) =>
      at % 2 === 0 && !HOP_BY_HOP.has(name.toLowerCase()) ? [name, all[at + 1] ?? ''] : [],
    );
    if (cookie !== undefined) headers.push('Set-Cookie', cookie);
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
    answer.once('error', () => response.destroy());
    answer.pipe(response);
  });
  upstream.once('error', () => {
    if (response.headersSent) return void response.destroy();
    if (response.destroyed) return;
    // The process closed a kept connection in the very moment we used it: it has not seen the request.
    if (upstream.reusedSocket && !hasBody && !worker.hasEnded)
      return forward(worker, request, response, cookie, hasBody);
    request.resume();
    response.writeHead(502, { 'content-type': 'text/plain' }).end('Bad Gateway\n');
  });
  response.once('close', () => {
    if (!response.writableFinished) upstream.destroy();
  });
  if (hasBody) request.pipe(upstream);
  else upstream.end();
}

function forwardedHeaders(request: IncomingMessage): OutgoingHttpHeaders {
  const kept = Object.entries(request.headers).filter(([name]) => !HOP_BY_HOP.has(name));
  return {
    ...Object.fromEntries(kept),
    'x-forwarded-for': request.socket.remoteAddress ?? '',
    'x-forwarded-proto': 'encrypted' in request.socket ? 'https' : 'http',
  };
}
