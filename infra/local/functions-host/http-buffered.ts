import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Routed } from './http-front.ts';
import type { Invocations } from './invocations.ts';
import type { RpcCookie, RpcHttpResponse } from './rpc.ts';
import { hostSpan } from './trace-context.ts';

/**
 * Answers a request without streaming: the whole body goes in with the invocation, the whole answer comes back with it.
 * As on the real host the body is read only if Content-Length is more than zero, so a chunked body arrives empty. A throw
 * is a 500 without a body; a handler that returns nothing is answered 204.
 */
export async function answerBuffered(invocations: Invocations, routed: Routed): Promise<void> {
  const { fn, params, url, request, response } = routed;
  const length = Number(request.headers['content-length'] ?? 0);
  const bytes = length > 0 ? await readAll(request) : undefined;
  if (!bytes) request.resume();
  const http = {
    method: request.method ?? 'GET',
    url: url.href,
    ...(bytes ? { body: { bytes } } : {}),
    nullableHeaders: nullable(headerTexts(request.headers)),
    nullableQuery: nullable(queryTexts(url)),
    nullableParams: nullable(params),
  };
  let answer: RpcHttpResponse | undefined;
  try {
    const traceContext = hostSpan(request.headers.traceparent, request.headers.tracestate);
    const input = { inputData: [{ name: fn.input, data: { http } }], triggerMetadata: {}, traceContext };
    const result = await invocations.run(fn.registered, input);
    answer = result.returnValue?.http as RpcHttpResponse | undefined;
  } catch {
    response.writeHead(500).end();
    return;
  }
  if (!answer) {
    response.writeHead(204).end();
    return;
  }
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (answer.cookies && answer.cookies.length > 0) response.setHeader('set-cookie', answer.cookies.map(cookieText));
  response.writeHead(Number(answer.statusCode));
  response.end(answer.body?.bytes);
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Headers as the host hands them on: one text each, repeated ones joined by commas. */
export function headerTexts(headers: IncomingHttpHeaders): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) texts[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return texts;
}

/** Query values by name; repeated ones are comma-joined. */
export function queryTexts(url: URL): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name of new Set(url.searchParams.keys())) texts[name] = url.searchParams.getAll(name).join(',');
  return texts;
}

function nullable(texts: Record<string, string>): Record<string, { value: string }> {
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, { value }]));
}

function cookieText(cookie: RpcCookie): string {
  const parts = [`${cookie.name}=${encodeURIComponent(cookie.value)}`];
  if (cookie.maxAge) parts.push(`Max-Age=${cookie.maxAge.value}`);
  if (cookie.domain) parts.push(`Domain=${cookie.domain.value}`);
  if (cookie.path) parts.push(`Path=${cookie.path.value}`);
  if (cookie.expires) parts.push(`Expires=${new Date(cookie.expires.value.seconds * 1000).toUTCString()}`);
  if (cookie.httpOnly?.value) parts.push('HttpOnly');
  if (cookie.secure?.value) parts.push('Secure');
  if (cookie.sameSite === 'lax') parts.push('SameSite=Lax');
  if (cookie.sameSite === 'strict') parts.push('SameSite=Strict');
  if (cookie.sameSite === 'explicitNone') parts.push('SameSite=None');
  return parts.join('; ');
}
