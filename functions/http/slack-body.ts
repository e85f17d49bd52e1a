import type { HttpRequest } from '@azure/functions';
import { BodyRefused } from './read-body.ts';

/** Slack's own limit for a message is far below. */
const MOST_BYTES = 64_000;
/** An answer given while its sender is still sending is lost with the connection; so much more is read to its end, and thrown away. */
const MOST_IGNORED = 32_000_000;

/** The body exactly as it came, which is what a signature covers. Throws BodyRefused when it is larger than 64,000 bytes. */
export async function readSigned(request: HttpRequest): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    const part = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array);
    bytes += part.byteLength;
    if (bytes <= MOST_BYTES) chunks.push(part);
    else if (bytes > MOST_BYTES + MOST_IGNORED) break;
  }
  if (bytes > MOST_BYTES) throw new BodyRefused(413, `the body is larger than ${MOST_BYTES} bytes`);
  return Buffer.concat(chunks);
}
