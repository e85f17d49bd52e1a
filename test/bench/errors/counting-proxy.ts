import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CountingProxy {
  port: number;
  /** Requests that passed so far. */
  passed(): number;
  close(): Promise<void>;
}

/** A door in front of a local http service that counts who goes through. */
export async function countingProxy(targetPort: number): Promise<CountingProxy> {
  let passed = 0;
  const server = createServer((incoming, outgoing) => {
    passed += 1;
    const { method, url: path, headers } = incoming;
    const forwarded = request({ port: targetPort, host: '127.0.0.1', method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.once('error', () => incoming.socket.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    passed: () => passed,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
