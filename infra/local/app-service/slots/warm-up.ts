import { get } from 'node:http';
import type { Settings } from '../config.ts';
import type { Worker } from './worker.ts';

const TRIES = 5;

/**
 * Warms a process as a swap does: WEBSITE_SWAP_WARMUP_PING_PATH (else `/`) is fetched over plain http from the process itself.
 * Any status counts as warm, 500 too, unless WEBSITE_SWAP_WARMUP_PING_STATUSES lists the good ones; a status outside that
 * list ends it at once, while no answer is tried again, five times in all.
 * Source: Azure docs, "Set up staging environments in Azure App Service", and the reference of App Service's environment variables.
 */
export async function warmUp(
  worker: Pick<Worker, 'port' | 'hasEnded'>,
  settings: Settings,
  hostName: string,
  timeoutMs: number,
): Promise<boolean> {
  const path = settings.WEBSITE_SWAP_WARMUP_PING_PATH || '/';
  const statuses = (settings.WEBSITE_SWAP_WARMUP_PING_STATUSES ?? '').split(',').filter((text) => text.trim() !== '');
  for (let attempt = 0; attempt < TRIES && !worker.hasEnded; attempt += 1) {
    const status = await ping(worker.port, path.startsWith('/') ? path : `/${path}`, hostName, timeoutMs);
    if (status !== undefined) return statuses.length === 0 || statuses.some((good) => Number(good) === status);
  }
  return false;
}

const ping = (port: number, path: string, host: string, timeoutMs: number): Promise<number | undefined> =>
  new Promise((done) => {
    const request = get(
      {
        host: '127.0.0.1',
        port,
        path,
        agent: false,
        timeout: timeoutMs,
        headers: { host, 'user-agent': 'SiteWarmup' },
      },
      (response) => {
        response.resume();
        done(response.statusCode);
      },
    );
    request.once('timeout', () => request.destroy());
    request.once('close', () => done(undefined));
    request.on('error', () => done(undefined));
  });
