import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sha256 } from '../../shared/lane/words.ts';

export const sha256Of = (bytes: Buffer): Sha256 => createHash('sha256').update(bytes).digest('hex') as Sha256;

export interface ArtefactSource {
  url: string;
  /** What is served at a path from now on. */
  serve(path: string, answer: (response: ServerResponse) => void): void;
  /** Requests so far. */
  asked: string[];
  close(): Promise<void>;
}

/** A build server's artefacts, in this process. */
export async function artefactSource(): Promise<ArtefactSource> {
  const served = new Map<string, (response: ServerResponse) => void>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const answer = served.get(request.url?.split('?')[0] ?? '');
    if (answer === undefined) response.writeHead(404).end();
    else answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    serve: (path, answer) => void served.set(path, answer),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
