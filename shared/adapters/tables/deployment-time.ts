import type { DeploymentId } from '../../lane/words.ts';

/** When a deployment was created, read from its id `<milliseconds in base 36, 9 digits>-<random>`; null for any other text. */
export function timeOf(id: DeploymentId): Date | null {
  const [, time] = /^([0-9a-z]{9})-[0-9a-z]+$/.exec(id) ?? [];
  return time === undefined ? null : new Date(Number.parseInt(time, 36));
}
