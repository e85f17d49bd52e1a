import { setTimeout as sleep } from 'node:timers/promises';
import { type Listener, listen, type OnRequest } from './listener.ts';

const RETRY_MS = 100;
const RETRIES = 20;

/**
 * Listens under the name `key` on the port the configuration gives, else on the one this name had before, else on a free one,
 * and remembers it in `known`. A configured port in use rejects; a remembered one is waited for (a killed predecessor may
 * still hold it) and then given up for a new one.
 */
export async function listenAs(
  known: Record<string, number>,
  key: string,
  configured: number,
  certificate: { cert: string; key: string },
  onRequest: OnRequest,
): Promise<Listener> {
  const before = known[key] ?? 0;
  const listener =
    configured === 0 && before !== 0
      ? await again(before, certificate, onRequest)
      : await listen(configured, certificate, onRequest);
  known[key] = listener.port;
  return listener;
}

async function again(
  port: number,
  certificate: { cert: string; key: string },
  onRequest: OnRequest,
): Promise<Listener> {
  for (let tries = 0; tries < RETRIES; tries += 1) {
    try {
      return await listen(port, certificate, onRequest);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      await sleep(RETRY_MS);
    }
  }
  return listen(0, certificate, onRequest);
}
