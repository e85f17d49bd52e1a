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
/** From the first byte asked for to the last: a sender decides how fast they send, and not for how long somebody waits for them. */
const MOST_MS = 10_000;

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

/**
 * The body exactly as it came; null where it is larger than so many bytes. Throws BodyRefused when its sender breaks off or does not
 * come to its end in time.
 */
export async function bytesOf(request: Pick<HttpRequest, 'body'>, mostBytes: number): Promise<Uint8Array | null> {
  if (request.body === null) return new Uint8Array();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const why = `the body did not arrive whole within ${MOST_MS / 1_000} seconds; send it again`;
    timer = setTimeout(() => reject(new BodyRefused(408, why)), MOST_MS);
  });
  try {
    return await cappedOf(request.body.getReader(), mostBytes, late);
  } finally {
    clearTimeout(timer);
  }
}

type Reader = ReadableStreamDefaultReader<unknown>;

async function cappedOf(reader: Reader, mostBytes: number, late: Promise<never>): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  while (bytes <= mostBytes + MOST_IGNORED) {
    // Who is late is left as they are: to cancel the reading would end the connection that the answer goes by.
    const { done, value } = await Promise.race([next(reader), late]);
    if (done) return bytes > mostBytes ? null : Buffer.concat(chunks);
    const part = typeof value === 'string' ? Buffer.from(value) : (value as Uint8Array);
    bytes += part.byteLength;
    if (bytes <= mostBytes) chunks.push(part);
  }
  await reader.cancel();
  return null;
}

async function next(reader: Reader): Promise<{ done: boolean; value?: unknown }> {
  try {
    return await reader.read();
  } catch (error) {
    throw new BodyRefused(400, 'the body did not arrive whole', { cause: error });
  }
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw new BodyRefused(400, 'the body is not UTF-8', { cause: error });
  }
}
