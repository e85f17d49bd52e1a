import { createHash } from 'node:crypto';

/** Service Bus takes message and session ids of at most 128 characters. */
const LONGEST = 128;

/** The id itself, or its beginning and a hash where it would be too long: equal ids stay equal, different ones different. */
export function fitting(id: string): string {
  if (id.length <= LONGEST) return id;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 40);
  return `${id.slice(0, LONGEST - 41)}#${hash}`;
}
