import { connect } from 'node:net';

/** An answer as it came over the connection. Headers in lower case, repeated ones joined. */
export interface RawAnswer {
  status: number;
  headers: ReadonlyMap<string, string>;
  text: string;
}

/**
 * Sends what no HTTP client would: the lines of the head as they are, one character a byte, and then the body. The connection is
 * closed by the other side, or after its first answer. Status 0: it was closed without one.
 */
export function rawRequest(
  origin: string,
  head: readonly string[],
  body: string | Uint8Array = '',
): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => {
      socket.write(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]));
    });
    socket.setTimeout(20_000, () => socket.destroy(new Error(`no whole answer to ${head[0]?.slice(0, 100)}`)));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Refused before all was sent: what was answered by then counts.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve(answerOf(Buffer.concat(chunks)));
      else reject(error);
    });
    socket.on('close', () => resolve(answerOf(Buffer.concat(chunks))));
  });
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
