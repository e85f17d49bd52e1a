import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export type OnRequest = (request: IncomingMessage, response: ServerResponse) => void;

export interface Listener {
  port: number;
  close(): Promise<void>;
}

/** The first byte of a TLS connection: content type "handshake" (RFC 8446, 5.1). No HTTP method begins with it. */
const TLS_HANDSHAKE = 0x16;

/** Azure's load balancer ends an idle connection after four minutes; ending it sooner would race with a client's next request. */
const IDLE_MS = 240_000;

/**
 * One port on 127.0.0.1 that speaks https and http alike, told apart by the first byte: Azure's addresses are https,
 * while a person with a browser or curl likes to do without. Port 0 takes a free one; a port in use rejects with EADDRINUSE.
 */
export async function listen(
  port: number,
  certificate: { cert: string; key: string },
  onRequest: OnRequest,
): Promise<Listener> {
  const plain = createHttpServer({ keepAliveTimeout: IDLE_MS, requestTimeout: 0 }, onRequest);
  const secure = createHttpsServer({ ...certificate, keepAliveTimeout: IDLE_MS, requestTimeout: 0 }, onRequest);
  // A client that is no TLS speaker, or gives up amid its handshake, is its own affair.
  secure.on('tlsClientError', (_error, socket) => socket.destroy());

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Without a listener a reset before the first byte would end the process.
    socket.on('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === TLS_HANDSHAKE ? secure : plain).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', listening);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
