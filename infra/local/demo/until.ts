import { setTimeout as sleep } from 'node:timers/promises';

/** What was waited for did not come: the demo cannot go on, and says so in one sentence. */
export class Stuck extends Error {
  override name = 'Stuck';
}

const EVERY_MS = 200;

/** Asks again and again until there is an answer. Throws Stuck after the time, with what was seen last; ends with the signal. */
export async function until<Value>(
  what: string,
  withinMs: number,
  signal: AbortSignal,
  ask: () => Promise<{ answer: Value } | { seen: string }>,
): Promise<Value> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const told = await ask();
    if ('answer' in told) return told.answer;
    if (Date.now() >= deadline)
      throw new Stuck(`${what} did not happen within ${withinMs / 1_000} s; seen: ${told.seen}`);
    await sleep(EVERY_MS, undefined, { signal });
  }
}
