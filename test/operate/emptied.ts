import { odata, TableClient, TableServiceClient, type TransactionAction } from '@azure/data-tables';
import declaration from '../../infra/local/declaration.json' with { type: 'json' };

const allowInsecureConnection = true;

/** The declared tables of an account, made where they are not there, and without any row. */
export async function emptyTables(connectionString: string): Promise<void> {
  const service = TableServiceClient.fromConnectionString(connectionString, { allowInsecureConnection });
  for (const name of declaration.storage.tables) {
    await service.createTable(name);
    const table = clientOf(connectionString, name);
    for (const [partition, keys] of await keysIn(table))
      for (let from = 0; from < keys.length; from += 100) {
        const actions = keys
          .slice(from, from + 100)
          .map((rowKey): TransactionAction => ['delete', { partitionKey: partition, rowKey }]);
        await table.submitTransaction(actions);
      }
  }
}

async function keysIn(table: TableClient): Promise<Map<string, string[]>> {
  const keys = new Map<string, string[]>();
  for await (const { partitionKey = '', rowKey = '' } of table.listEntities({
    queryOptions: { filter: odata`PartitionKey ge ''`, select: ['PartitionKey', 'RowKey'] },
  }))
    keys.set(partitionKey, [...(keys.get(partitionKey) ?? []), rowKey]);
  return keys;
}

export const clientOf = (connectionString: string, name: string): TableClient =>
  TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection });

/** Every row of all tables by its place, as the service says it with every type, without what it adds itself. */
export async function everything(connectionString: string): Promise<Map<string, unknown>> {
  const rows = new Map<string, unknown>();
  for (const name of declaration.storage.tables)
    for await (const row of clientOf(connectionString, name).listEntities({ disableTypeConversion: true })) {
      const { etag, timestamp, ...kept } = row;
      rows.set(
        `${name} ${row.partitionKey} ${row.rowKey}`,
        Object.fromEntries(Object.entries(kept).filter(([property]) => !property.startsWith('odata.'))),
      );
    }
  return rows;
}
