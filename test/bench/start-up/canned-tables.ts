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
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    // A transaction is a POST of several writes, each an HTTP request of its own.
    const writes = request.method === 'PUT' ? 1 : Buffer.concat(chunks).toString().split(' HTTP/1.1').length - 1;
    rows += writes;
    const headers = { etag: `W/"datetime'${rows}'"` };
    if (request.method === 'PUT') response.writeHead(204, headers).end();
    else if (writes === 0) response.writeHead(501).end();
    else
      response
        .writeHead(202, { 'content-type': 'multipart/mixed; boundary=batchresponse_canned' })
        .end(allTaken(writes));
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

/** The answer to a transaction: each write is taken. */
function allTaken(writes: number): string {
  const taken = [
    '--changesetresponse_canned',
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    '',
    'HTTP/1.1 204 No Content',
    `ETag: W/"canned"`,
    '',
    '',
  ];
  return [
    '--batchresponse_canned',
    'Content-Type: multipart/mixed; boundary=changesetresponse_canned',
    '',
    ...Array.from({ length: writes }, () => taken).flat(),
    '--changesetresponse_canned--',
    '--batchresponse_canned--',
    '',
  ].join('\r\n');
}
