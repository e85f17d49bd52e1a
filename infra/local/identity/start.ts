import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningPart } from '../part.ts';
import { signToken } from './token.ts';

/** `header` is the secret App Service puts into IDENTITY_HEADER; `tokenKey` signs the tokens, and whoever checks them knows it. */
export interface IdentityConfig {
  port: number;
  header: string;
  tokenKey: string;
}

/** The values of IDENTITY_ENDPOINT and IDENTITY_HEADER. */
export interface IdentityAddresses {
  endpoint: string;
  header: string;
}

const LIFE_SECONDS = 60 * 60;
const SYSTEM_ASSIGNED = '00000000-0000-0000-0000-000000000001';

/**
 * The managed-identity endpoint of App Service (REST protocol 2019-08-01): GET with `resource`, `api-version` and, for a
 * user-assigned identity, `client_id`; the header X-IDENTITY-HEADER proves that the caller runs inside the app.
 */
export async function startIdentity(config: IdentityConfig): Promise<RunningPart<IdentityAddresses>> {
  const server = createServer((request, response) => {
    const { status, body } = answer(config, request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(config.port, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  return {
    addresses: { endpoint: `http://127.0.0.1:${port}/msi/token`, header: config.header },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function answer(config: IdentityConfig, request: IncomingMessage): { status: number; body: object } {
  const refused = (status: number, message: string) => ({ status, body: { statusCode: status, message } });
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (url.pathname !== '/msi/token') return refused(404, 'there is only /msi/token');
  if (request.method !== 'GET') return refused(405, 'a token is asked for with GET');
  if (!sameSecret(String(request.headers['x-identity-header'] ?? ''), config.header))
    return refused(401, 'X-IDENTITY-HEADER is missing or wrong');
  if (url.searchParams.get('api-version') !== '2019-08-01') return refused(400, 'api-version must be 2019-08-01');
  const resource = url.searchParams.get('resource');
  if (!resource) return refused(400, 'resource is missing');
  const clientId = url.searchParams.get('client_id') ?? SYSTEM_ASSIGNED;
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    aud: resource,
    iss: 'local',
    oid: clientId,
    appid: clientId,
    iat,
    nbf: iat,
    exp: iat + LIFE_SECONDS,
  };
  return {
    status: 200,
    body: {
      access_token: signToken(claims, config.tokenKey),
      client_id: clientId,
      expires_on: String(claims.exp),
      resource,
      token_type: 'Bearer',
    },
  };
}

/** Compared as digests, so that neither length nor content can be learnt from the time it takes. */
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
