import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPackages } from '../../../shared/adapters/blobs/connect.ts';
import type { Sha256 } from '../../../shared/lane/words.ts';
import { Unavailable } from '../../../shared/ports.ts';
import { packageStoreContract } from '../../contract/package-store-contract.ts';
import { connectionString, type LocalStorage, startStorage } from '../../local-azure.ts';
import { LOOPBACK } from '../loopback.ts';
import { noCredential } from '../no-credential.ts';

let storage: LocalStorage;
beforeAll(async () => {
  storage = await startStorage();
});
afterAll(() => storage.close());

const now = () => new Date();
const open = (connection: string) => openPackages({ connectionString: connection }, noCredential, now, LOOPBACK);

packageStoreContract(
  'blobs',
  async () => open(storage.connectionString),
  async (url) => {
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    return Buffer.from(await answer.arrayBuffer());
  },
);

test('an address reads one package, and only until its instant', async () => {
  const store = open(storage.connectionString);
  const sha256 = 'f'.repeat(64) as Sha256;
  const expired = await fetch(await store.readUrl(sha256, new Date(Date.now() - 1_000)));
  expect(expired.status).toBe(403);
  const missing = await fetch(await store.readUrl(sha256, new Date(Date.now() + 60_000)));
  expect(missing.status).toBe(404);
  const writing = await fetch(await store.readUrl(sha256, new Date(Date.now() + 60_000)), {
    method: 'PUT',
    headers: { 'x-ms-blob-type': 'BlockBlob' },
    body: 'x',
  });
  expect(writing.status).toBe(403);
});

test('a storage that is away is unavailable', async () => {
  const store = open(connectionString({ blob: 9, table: 9 }));
  await expect(store.has('a'.repeat(64) as Sha256)).rejects.toBeInstanceOf(Unavailable);
});
