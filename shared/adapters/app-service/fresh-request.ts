import { request } from 'node:https';

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
 * before a swap. Throws when there is no answer in time.
 */
export function freshRequest(asked: FreshRequest): Promise<FreshAnswer> {
  const { method = 'GET', host, path, headers = {}, body, timeoutMs, bodyBytes } = asked;
  if (!path.startsWith('/')) return Promise.reject(new TypeError(`a path begins with /, this one is ${path}`));
  // The path is not resolved against the host: `//elsewhere/` stays a path.
  const { hostname, port } = new URL(`https://${host}`);
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const options = {
      method,
      hostname,
      port,
      path,
      headers: { connection: 'close', ...headers },
      agent: false,
      signal,
    };
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const end = (): void => {
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
          body: Buffer.concat(chunks).subarray(0, bodyBytes).toString('utf8'),
          latencyMs: Math.round(performance.now() - started),
        });
        sent.destroy();
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length >= bodyBytes) end();
      });
      response.once('end', end);
      response.once('error', reject);
    });
    sent.once('error', (error) => reject(signal.aborted ? new Error(`no answer within ${timeoutMs} ms`) : error));
    sent.end(body);
  });
}
