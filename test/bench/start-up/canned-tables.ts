import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { storageConnection } from '../../../infra/local/stack-storage.ts';

export interface CannedTables {
  connectionString: string;
  /** Rows written so far. */
  written(): number;
  close(): Promise<void>;
}

/** A table service that takes every row at once: what is measured against it is the client's own cost. */
export async function cannedTables(): Promise<CannedTables> {
  let rows = 0;
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      if (request.method === 'PUT') rows += 1;
      response.writeHead(request.method === 'PUT' ? 204 : 501, { etag: `W/"datetime'${rows}'"` }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    connectionString: storageConnection({ blobPort: port, tablePort: port }),
    written: () => rows,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
