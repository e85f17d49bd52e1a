import { afterAll, beforeAll } from 'vitest';
import { openTables, type Tables } from '../../../shared/adapters/tables/connect.ts';
import { deadLetterStore } from '../../../shared/adapters/tables/dead-letter-store.ts';
import { errorStore } from '../../../shared/adapters/tables/error-store.ts';
import { laneStore } from '../../../shared/adapters/tables/lane-store.ts';
import { markerStore } from '../../../shared/adapters/tables/marker-store.ts';
import { noticeStore } from '../../../shared/adapters/tables/notice-store.ts';
import { deadLetterStoreContract } from '../../contract/dead-letter-store-contract.ts';
import { errorStoreContract } from '../../contract/error-store-contract.ts';
import { laneStoreContract } from '../../contract/lane-store-contract.ts';
import { markerStoreContract } from '../../contract/marker-store-contract.ts';
import { noticeStoreContract } from '../../contract/notice-store-contract.ts';
import { type LocalStorage, startStorage } from '../../local-azure.ts';
import { noCredential } from '../no-credential.ts';

let storage: LocalStorage;
let tables: Tables;
beforeAll(async () => {
  storage = await startStorage();
  tables = openTables({ connectionString: storage.connectionString }, noCredential);
});
afterAll(() => storage.close());

laneStoreContract('tables', async () => laneStore(tables('Lanes')));
noticeStoreContract('tables', async () => noticeStore(tables('Lanes')));
markerStoreContract('tables', async () => markerStore(tables('Markers')));
deadLetterStoreContract('tables', async () => deadLetterStore(tables('DeadLetters')));
errorStoreContract('tables', async () =>
  errorStore({ deltas: tables('ErrorDeltas'), groups: tables('ErrorGroups') }, () => new Date()),
);
