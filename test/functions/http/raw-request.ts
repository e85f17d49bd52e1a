import { connect } from 'node:net';
import type { RunningService } from '../service.ts';

/** An answer as it came over the connection. Headers in lower case, repeated ones joined. */
export interface RawAnswer {
  status: number;
  headers: ReadonlyMap<string, string>;
  text: string;
}

/** Of the service to say anything: longer than it waits for anybody. */
const PATIENCE_MS = 40_000;

/** A body as it is, or a piece of one again and again for as long as the connection lasts. */
export type SentBody = string | Uint8Array | { drip: string; everyMs: number };

/**
 * Sends what no HTTP client would: the lines of the head as they are, one character a byte, and then the body. The connection is
 * closed by the other side, or after its first answer. A connection that was reset may have lost its answer, which is the network's
 * way and not the service's: then all of it is sent once more. Throws where that did not help, unless it may be closed without an
 * answer, which is status 0.
 */
export async function rawRequest(
  { origin, answers }: Pick<RunningService, 'origin' | 'answers'>,
  head: readonly string[],
  body: SentBody = '',
  { mayClose = false }: { mayClose?: boolean } = {},
): Promise<RawAnswer> {
  const first = await sentOnce(origin, head, body);
  const answer = first === 'reset' && !mayClose ? await sentOnce(origin, head, body) : first;
  if (typeof answer === 'object') {
    answers.hear(String(head[0]), answer.text, answer.headers);
    return answer;
  }
  if (mayClose) return { status: 0, headers: new Map(), text: '' };
  throw new Error(`${answer} without an answer to ${head[0]?.slice(0, 100)}`);
}

function sentOnce(origin: string, head: readonly string[], body: SentBody): Promise<RawAnswer | 'reset' | 'closed'> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => {
      const lines = Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1');
      if (typeof body === 'string' || body instanceof Uint8Array) {
        socket.write(Buffer.concat([lines, Buffer.from(body)]));
        return;
      }
      socket.write(lines);
      const dripping = setInterval(() => socket.write(body.drip), body.everyMs);
      socket.on('close', () => clearInterval(dripping));
    });
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`no whole answer to ${head[0]?.slice(0, 100)}`)));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') return reject(error);
      // Refused before all was sent: what was answered by then counts.
      const bytes = Buffer.concat(chunks);
      resolve(isWhole(bytes) ? answerOf(bytes) : 'reset');
    });
    socket.on('close', () => resolve(chunks.length === 0 ? 'closed' : answerOf(Buffer.concat(chunks))));
  });
}

/** A reset may cut an answer off: its head is there, and as much of its body as it says; the platform's own refusals say nothing of one. */
function isWhole(bytes: Buffer): boolean {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const { headers } = answerOf(bytes);
  const rest = bytes.subarray(end + 4);
  if (headers.get('transfer-encoding') === 'chunked') return rest.toString('latin1').endsWith('0\r\n\r\n');
  return rest.length >= Number(headers.get('content-length') ?? 0);
}

/** The head of a request that is as it should be, but for what is added. */
export const headOf = (method: string, target: string, host: string, ...more: string[]): string[] => [
  `${method} ${target} HTTP/1.1`,
  `Host: ${host}`,
  'Connection: close',
  ...more,
];

function answerOf(bytes: Buffer): RawAnswer {
  const end = bytes.indexOf('\r\n\r\n');
  const [first = '', ...lines] = bytes.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [name = '', ...value] = line.split(':');
    const key = name.toLowerCase();
    headers.set(key, [...(headers.has(key) ? [headers.get(key)] : []), value.join(':').trim()].join(', '));
  }
  const rest = bytes.subarray(end + 4);
  const text = headers.get('transfer-encoding') === 'chunked' ? whole(rest) : rest.toString('utf8');
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0), headers, text };
}

function whole(chunked: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = chunked.indexOf('\r\n', at);
    const size = Number.parseInt(chunked.subarray(at, line).toString('latin1'), 16);
    if (line < 0 || !(size > 0)) return Buffer.concat(parts).toString('utf8');
    parts.push(chunked.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}
