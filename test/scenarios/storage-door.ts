import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Save, saveIn } from './save-seen.ts';

/** Where in a save the service is killed: before the tables hear of it, or when they have done it and not yet said so. */
export type Side = 'before' | 'after';

/** A function: run when the tables have done it, and its caller is answered after that. */
export type Judge = (save: Save) => Side | 'pass' | (() => Promise<void>);

export interface StorageDoor {
  /** The storage account with its tables behind the door. */
  connectionString: string;
  /** Asked at each save of a lane's state; what it names is done to the save. */
  onSave(judge: Judge): void;
  close(): Promise<void>;
}

/**
 * Stands between the service and its tables. A save that is judged to be a point of death is met by `kill`: its caller is dead
 * before the door does anything else, and gets no answer.
 */
export async function storageDoor(storage: string, kill: () => Promise<void>): Promise<StorageDoor> {
  const endpoint = /TableEndpoint=([^;]+)/.exec(storage)?.[1] ?? '';
  const target = new URL(endpoint);
  const seen = new Map<string, string>();
  let judge: Judge = () => 'pass';

  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await bodyOf(incoming);
    const save = saveIn(incoming, body, seen);
    const side = save === null ? 'pass' : judge(save);
    if (side === 'before') {
      await kill();
      return void incoming.socket.destroy();
    }
    const answer = await forwarded(target, incoming, body);
    if (typeof side === 'function') await side();
    if (side === 'after') {
      await kill();
      return void incoming.socket.destroy();
    }
    outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  };
  const server = createServer((incoming, outgoing) => {
    // Whoever asked may be gone, and so may the tables at the end: both look like a broken connection.
    pass(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    connectionString: storage.replace(endpoint, `http://127.0.0.1:${port}${target.pathname}`),
    onSave: (next) => {
      judge = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

interface Answered {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** The signature covers neither host nor port, so what was meant for the door is good behind it. */
function forwarded(target: URL, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: target.hostname, port: target.port, method, path: url, headers }, (answer) => {
      bodyOf(answer).then(
        (read) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: read }),
        reject,
      );
    });
    asked.once('error', reject).end(body);
  });
}
