import { randomBytes } from 'node:crypto';

/** Where an answer given at a response_url goes. */
export interface ResponsePlace {
  kind: 'actions' | 'commands';
  channel: string;
  /** The person who pressed or typed: the one who sees an ephemeral answer. */
  user: string;
  /** The message that was pressed; absent for a command. */
  source?: { ts: string; ephemeral: boolean };
  thread_ts?: string;
}

export interface ResponseUrls {
  /** A new address that takes five answers within half an hour. */
  issue(place: ResponsePlace): string;
  /** Counts one use of the address with this path; an error in Slack's words where it may not be used any more. */
  use(path: string): ResponsePlace | { error: 'used_url' | 'expired_url' };
}

/** Slack, "Handling user interaction": a response_url may be used up to 5 times within 30 minutes. */
const MOST_USES = 5;
const VALID_MS = 30 * 60_000;

/**
 * @param origin gives where this Slack answers, without a slash at the end
 * @param now milliseconds
 */
export function createResponseUrls(origin: () => string, teamId: string, now: () => number): ResponseUrls {
  const issued = new Map<string, { place: ResponsePlace; uses: number; until: number }>();
  return {
    issue(place) {
      const path = `/${place.kind}/${teamId}/${issued.size + 1}/${randomBytes(16).toString('base64url')}`;
      issued.set(path, { place, uses: 0, until: now() + VALID_MS });
      return `${origin()}${path}`;
    },
    use(path) {
      const known = issued.get(path);
      if (known === undefined || now() > known.until) return { error: 'expired_url' };
      if (known.uses >= MOST_USES) return { error: 'used_url' };
      known.uses += 1;
      return known.place;
    },
  };
}
