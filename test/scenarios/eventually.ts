import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 60;

/**
 * Asks again and again until `is` holds of the answer. An ask that throws counts as no answer yet: the service may just be down.
 * Throws after the time, with what was seen last.
 */
export async function eventually<Value>(
  what: string,
  withinMs: number,
  ask: () => Promise<Value>,
  is: (value: Value) => boolean,
): Promise<Value> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await ask().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if ('value' in seen && is(seen.value)) return seen.value;
    if (Date.now() >= deadline) throw new Error(`${what}: not within ${withinMs / 1_000} s; seen: ${textOf(seen)}`);
    await sleep(EVERY_MS);
  }
}

function textOf(seen: { value: unknown } | { error: unknown }): string {
  if ('error' in seen) return String(seen.error);
  return JSON.stringify(seen.value, null, 1)?.slice(0, 3_000) ?? 'nothing';
}
