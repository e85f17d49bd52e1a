import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordedTables {
  port: number;
  /** What was asked of which table, `PUT ErrorDeltas`; what stands inside of a transaction, too. */
  seen: Set<string>;
  close(): Promise<void>;
}

/** `/account/Lanes(PartitionKey='…')` → `Lanes`. */
const tableIn = (path: string): string => /^\/\w+\/(\$?\w+)/.exec(path)?.[1] ?? path;

/** A door in front of local tables that writes down what is done to which of them. */
export async function recordedTables(targetPort: number): Promise<RecordedTables> {
  const seen = new Set<string>();
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming;
    const table = tableIn(url);
    let body = '';
    if (table === '$batch')
      incoming.on('data', (chunk: Buffer) => {
        body += chunk.toString('utf8');
      });
    else seen.add(`${method} ${table}`);
    incoming.once('end', () => {
      for (const [, verb, path = ''] of body.matchAll(/^([A-Z]+) https?:\/\/[^/]+(\/\S+) HTTP/gm))
        seen.add(`${verb} ${tableIn(path)}`);
    });
    const forwarded = request({ port: targetPort, host: '127.0.0.1', method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.once('error', () => incoming.socket.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
