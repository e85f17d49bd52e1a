import type { DeploymentId } from '../../lane/words.ts';
import { END_OF_TIME } from './key.ts';

/**
 * When a deployment was created, read from its id `<milliseconds in base 36, 9 digits>-<random>`; null for any other text, and for
 * an instant that no key can be made of: the nine digits reach much further.
 */
export function timeOf(id: DeploymentId): Date | null {
  const [, digits] = /^([0-9a-z]{9})-[0-9a-z]+$/.exec(id) ?? [];
  if (digits === undefined) return null;
  const time = Number.parseInt(digits, 36);
  return time > END_OF_TIME ? null : new Date(time);
}
