import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/** One request to ARM or Kudu, read to its end, so that it can be taken late, twice or not at all. */
export interface Call {
  /** Its number in the list of all received calls. */
  n: number;
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What is answered: an object goes out as JSON, text as text, nothing as an empty body. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: object | string;
}

const BODY_LIMIT = 512 * 1024 * 1024;

/** Reads a request's whole body; rejects when the connection ends first or the body is beyond 512 MiB. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Error('the body is beyond 512 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The address a request was sent to, as its sender sees it: scheme by the connection, host by its header. */
export function urlOf(request: IncomingMessage): URL {
  const scheme = 'encrypted' in request.socket ? 'https' : 'http';
  const path = request.url ?? '/';
  return new URL(path.startsWith('/') ? `${scheme}://${request.headers.host ?? '127.0.0.1'}${path}` : path);
}

export function writeAnswer(response: ServerResponse, answer: Answer): void {
  const { status, headers = {}, body } = answer;
  if (body === undefined) {
    response.writeHead(status, { ...headers, 'content-length': '0' }).end();
  } else if (typeof body === 'string') {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(body);
  } else {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(JSON.stringify(body));
  }
}

/** The JSON object in a call's body; undefined where there is none. */
export function jsonOf(call: Call): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(call.body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
