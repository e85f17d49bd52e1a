import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until `holds`; then the last answer is given back, also when the time is over, for the test to judge. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  holds: (value: Value) => boolean,
  withinMs = 20_000,
  everyMs = 100,
): Promise<Value> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await ask();
    if (holds(value) || Date.now() >= deadline) return value;
    await sleep(everyMs);
  }
}
