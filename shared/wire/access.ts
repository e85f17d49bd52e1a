import { createHash, timingSafeEqual } from 'node:crypto';

/** read: see; report: send builds' errors and markers; deploy: send builds; command: approve, roll back, hold … */
export const RIGHTS = ['read', 'report', 'deploy', 'command'] as const;
export type Right = (typeof RIGHTS)[number];

/** A bearer token as settings hold it: never the token itself. */
export interface NamedToken {
  /** Who asks, as the journal shows it. */
  name: string;
  /** SHA-256 of the token, 64 lower-case hex characters; two while one token replaces the other. */
  sha256: string[];
  rights: Right[];
}

/**
 * Whose token an `Authorization: Bearer …` header carries; null when it carries none that is known. Every token is compared,
 * each in constant time, so that the time taken tells nothing.
 */
export function whoAsks(
  tokens: readonly NamedToken[],
  authorizationHeader: string | null | undefined,
): { name: string; rights: Right[] } | null {
  // RFC 6750 §2.1: b64token.
  const token = /^Bearer +([A-Za-z0-9\-._~+/]{1,1024}=*)$/i.exec(authorizationHeader ?? '')?.[1];
  if (token === undefined) return null;
  const asked = createHash('sha256').update(token).digest();
  let known: NamedToken | null = null;
  for (const named of tokens) {
    for (const sha256 of named.sha256) {
      const expected = Buffer.from(sha256, 'hex');
      if (expected.length === asked.length && timingSafeEqual(expected, asked)) known = named;
    }
  }
  return known === null ? null : { name: known.name, rights: known.rights };
}
