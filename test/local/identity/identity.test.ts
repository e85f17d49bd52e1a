import { ManagedIdentityCredential } from '@azure/identity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkBearer } from '../../../infra/local/app-service/bearer.ts';
import { type IdentityAddresses, startIdentity } from '../../../infra/local/identity/start.ts';
import type { RunningPart } from '../../../infra/local/part.ts';

const MANAGEMENT = 'https://management.azure.com/.default';
const HOUR_MS = 60 * 60 * 1000;
let identity: RunningPart<IdentityAddresses>;

beforeAll(async () => {
  identity = await startIdentity({ port: 0, header: 'let me in', tokenKey: 'a shared key' });
  process.env.IDENTITY_ENDPOINT = identity.addresses.endpoint;
  process.env.IDENTITY_HEADER = identity.addresses.header;
});
afterAll(() => identity.close());

test('the credential of the SDK, untouched, is given a token for an hour that App Service accepts', async () => {
  const { token, expiresOnTimestamp } = await new ManagedIdentityCredential().getToken(MANAGEMENT);
  expect(expiresOnTimestamp - Date.now()).toBeGreaterThan(HOUR_MS - 10_000);
  expect(expiresOnTimestamp - Date.now()).toBeLessThanOrEqual(HOUR_MS);
  expect(checkBearer(`Bearer ${token}`, 'a shared key', Date.now()).ok).toBe(true);
  expect(checkBearer(`Bearer ${token}`, 'a shared key', Date.now() + HOUR_MS)).toEqual({ ok: false, why: 'expired' });
  expect(checkBearer(`Bearer ${token}`, 'another key', Date.now())).toEqual({ ok: false, why: 'invalid' });
});

test('a user-assigned identity is named in its token', async () => {
  const { token } = await new ManagedIdentityCredential({ clientId: 'the-deployer' }).getToken(MANAGEMENT);
  expect(checkBearer(`Bearer ${token}`, 'a shared key', Date.now())).toEqual({ ok: true, objectId: 'the-deployer' });
});

test('a token for another resource does not open App Service', async () => {
  const { token } = await new ManagedIdentityCredential().getToken('https://storage.azure.com/.default');
  expect(checkBearer(`Bearer ${token}`, 'a shared key', Date.now())).toEqual({ ok: false, why: 'audience' });
});

test.each([
  { what: 'no header', header: undefined, query: '?resource=r&api-version=2019-08-01', status: 401 },
  { what: 'a wrong header', header: 'please', query: '?resource=r&api-version=2019-08-01', status: 401 },
  { what: 'no resource', header: 'let me in', query: '?api-version=2019-08-01', status: 400 },
  {
    what: 'another version of the protocol',
    header: 'let me in',
    query: '?resource=r&api-version=2017-09-01',
    status: 400,
  },
])('$what is answered $status', async ({ header, query, status }) => {
  const headers: Record<string, string> = header === undefined ? {} : { 'x-identity-header': header };
  const answer = await fetch(`${identity.addresses.endpoint}${query}`, { headers });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ statusCode: status, message: expect.any(String) });
});
