import { setTimeout as sleep } from 'node:timers/promises';
import type { Ports } from '../../shared/ports.ts';
import { runtime } from '../runtime.ts';

const everyMs = 2_000;
const tries = 10;

/**
 * The ports, as soon as settings and the owner's file can be used; they are asked for again for 20 seconds, since the file can be
 * mended under a running app. Without the wait a message would spend its ten deliveries within a second, and a dead-letter queue,
 * which has no last delivery, would go round as fast as it can. Throws what is wrong with them; the message then comes again.
 */
export async function usablePorts(): Promise<Ports> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await runtime.ports();
    } catch (error) {
      if (tried === tries) throw error;
      await sleep(everyMs);
    }
  }
}
