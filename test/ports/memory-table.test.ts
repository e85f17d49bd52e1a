import { expect, test } from 'vitest';
import { deadLetterStore } from '../../shared/adapters/tables/dead-letter-store.ts';
import { laneStore } from '../../shared/adapters/tables/lane-store.ts';
import { markerStore } from '../../shared/adapters/tables/marker-store.ts';
import { Conflict } from '../../shared/adapters/tables/table.ts';
import { deadLetterStoreContract } from '../contract/dead-letter-store-contract.ts';
import { laneStoreContract } from '../contract/lane-store-contract.ts';
import { markerStoreContract } from '../contract/marker-store-contract.ts';
import { MemoryRows, memoryTable } from './memory-table.ts';

laneStoreContract('tables in memory', async () => laneStore(memoryTable(new MemoryRows('Lanes'))));
markerStoreContract('tables in memory', async () => markerStore(memoryTable(new MemoryRows('Markers'))));
deadLetterStoreContract('tables in memory', async () => deadLetterStore(memoryTable(new MemoryRows('DeadLetters'))));

test('a transaction of which one part does not fit changes nothing', () => {
  const rows = new MemoryRows('T');
  const etag = rows.transact([{ write: 'create', row: { partitionKey: 'p', rowKey: 'a', value: 1 } }]);
  const stale = (): string =>
    rows.transact([
      { write: 'put', row: { partitionKey: 'p', rowKey: 'b', value: 2 } },
      { write: 'replace', row: { partitionKey: 'p', rowKey: 'a', value: 2 }, etag: `${etag}!` },
    ]);
  expect(stale).toThrow(Conflict);
  expect(rows.get('p', 'a')?.value).toBe(1);
  expect(rows.get('p', 'b')).toBeNull();
});

test('a filter that cannot be read is refused', () => {
  expect(() => new MemoryRows('T').query({ filter: "startswith(RowKey, 'a')" })).toThrow(/cannot read/);
});
