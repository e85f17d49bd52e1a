import { setTimeout as sleep } from 'node:timers/promises';

/** One claim, whether it is true, and what was seen. */
export interface Truth {
  scene: string;
  claim: string;
  holds: boolean;
  seen: string;
}

/** What a look at one claim found. */
export interface Seen {
  holds: boolean;
  seen: string;
}

/** The claims of one scene, as they are checked. */
export interface Truths {
  /** Looks once. A look that fails is a claim that does not hold. */
  check(claim: string, look: () => Seen | Promise<Seen>): Promise<void>;
  /** For what may come a little later, as a message to people does: looks until it holds, at most so long. */
  within(ms: number, claim: string, look: () => Seen | Promise<Seen>): Promise<void>;
}

const EVERY_MS = 250;

/** `told` hears each truth as soon as it is known. */
export function truthsOf(scene: string, signal: AbortSignal, told: (truth: Truth) => void): Truths {
  const within = async (ms: number, claim: string, look: () => Seen | Promise<Seen>): Promise<void> => {
    const deadline = Date.now() + ms;
    let found = await safely(look);
    while (!found.holds && Date.now() < deadline) {
      await sleep(EVERY_MS, undefined, { signal });
      found = await safely(look);
    }
    told({ scene, claim, ...found });
  };
  return { check: (claim, look) => within(0, claim, look), within };
}

async function safely(look: () => Seen | Promise<Seen>): Promise<Seen> {
  try {
    return await look();
  } catch (error) {
    return { holds: false, seen: `could not look: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Two values that must be equal. */
export const same = (seen: unknown, expected: unknown): Seen => ({
  holds: JSON.stringify(seen) === JSON.stringify(expected),
  seen: typeof seen === 'string' ? seen : JSON.stringify(seen),
});

/** A text that must hold every part. */
export function mentions(text: string, parts: readonly string[]): Seen {
  const missing = parts.filter((part) => !text.includes(part));
  return missing.length === 0
    ? { holds: true, seen: parts.join(', ') }
    : { holds: false, seen: `without ${missing.join(', ')}: ${text.slice(0, 600)}` };
}
