import type { VersionFrom } from '../../lane/policy.ts';
import { ForbiddenAddress } from '../http/public-network.ts';
import type { Fresh } from './fresh-request.ts';

const TIMEOUT_MS = 8_000;
const BODY_BYTES = 256_000;

/** The version an app answers over a new connection; null: no usable answer. Throws ForbiddenAddress alone. */
export async function answeredVersion(fresh: Fresh, host: string, from: VersionFrom): Promise<string | null> {
  try {
    const answer = await fresh({ host, path: from.path, timeoutMs: TIMEOUT_MS, bodyBytes: BODY_BYTES });
    if (answer.status < 200 || answer.status > 299) return null;
    if (from.header !== undefined) return usable(answer.headers[from.header.toLowerCase()]);
    return usable(from.pointer === undefined ? answer.body : pointed(JSON.parse(answer.body), from.pointer));
  } catch (error) {
    if (error instanceof ForbiddenAddress) throw error;
    // No connection, no answer in time, no JSON: for the question "which version" they are the same.
    return null;
  }
}

/** RFC 6901: `/a/b`, with `~1` for `/` and `~0` for `~`; the empty pointer is the whole. */
export function pointed(value: unknown, pointer: string): unknown {
  if (pointer === '') return value;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (at, part) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, part)
          ? (at as Record<string, unknown>)[part]
          : undefined,
      value,
    );
}

function usable(found: unknown): string | null {
  const text = typeof found === 'string' ? found.trim() : typeof found === 'number' ? String(found) : '';
  return text === '' || text.length > 200 ? null : text;
}
