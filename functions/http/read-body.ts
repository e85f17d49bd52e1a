import type { HttpRequest } from '@azure/functions';

/** Why a body was not taken, as the status to answer. */
export class BodyRefused extends Error {
  override name = 'BodyRefused';
  readonly status: number;
  constructor(status: number, why: string, options?: ErrorOptions) {
    super(why, options);
    this.status = status;
  }
}

/** An answer given while its sender is still sending is lost with the connection; so much more is read to its end, and thrown away. */
const MOST_IGNORED = 32_000_000;

/**
 * Reads the body, at most so many bytes of it: the size is capped while reading, because a length that was announced proves
 * nothing. Throws BodyRefused: an empty body is an error, not "nothing to do" (chunked bodies arrive empty where streaming is off).
 */
export async function readCapped(request: HttpRequest, mostBytes: number): Promise<string> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/([\w.-]+\+)?json\b/i.test(type))
    throw new BodyRefused(415, `content-type must be JSON, not ${type === '' ? 'absent' : 'another'}`);
  const body = await bytesOf(request, mostBytes);
  if (body === null) throw new BodyRefused(413, `the body is larger than ${mostBytes} bytes; send less at once`);
  if (body.length === 0) throw new BodyRefused(400, 'the body is empty');
  return textOf(body);
}

/** The body exactly as it came; null where it is larger than so many bytes. Throws BodyRefused when its sender breaks off. */
export async function bytesOf(request: HttpRequest, mostBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.body ?? []) {
      const part = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array);
      bytes += part.byteLength;
      if (bytes <= mostBytes) chunks.push(part);
      else if (bytes > mostBytes + MOST_IGNORED) break;
    }
  } catch (error) {
    throw new BodyRefused(400, 'the body did not arrive whole', { cause: error });
  }
  return bytes > mostBytes ? null : Buffer.concat(chunks);
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw new BodyRefused(400, 'the body is not UTF-8', { cause: error });
  }
}
