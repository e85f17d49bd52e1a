import { createHook } from 'node:async_hooks';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

export interface Connections {
  /** Of a server at 127.0.0.1, which takes connections and says nothing. */
  port: number;
  /** Connections this process began to make since the last call, to wherever. */
  begun(): number;
  /** Bytes that reached the server on each connection that is over. */
  received: number[];
  close(): Promise<void>;
}

/** Counts connections where they begin, in Node itself, and where they would arrive. */
export async function countedConnections(): Promise<Connections> {
  let begun = 0;
  const hook = createHook({
    init: (_, type) => {
      if (type === 'TCPCONNECTWRAP') begun += 1;
    },
  }).enable();
  const received: number[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    let bytes = 0;
    open.add(socket);
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      // Enough to know that somebody speaks.
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      open.delete(socket);
      received.push(bytes);
    });
    socket.on('end', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    begun: () => {
      const since = begun;
      begun = 0;
      return since;
    },
    received,
    close: () =>
      new Promise((resolve) => {
        hook.disable();
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
