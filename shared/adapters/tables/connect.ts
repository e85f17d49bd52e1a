import { TableClient, type TableServiceClientOptions } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import { openTable, type Table } from './table.ts';

export type TablesConnection = { connectionString: string } | { endpoint: string };

export type TableName = 'Lanes' | 'Markers' | 'ErrorDeltas' | 'ErrorGroups' | 'DeadLetters';

/** The tables of one account; each client is built when it is first asked for. */
export type Tables = (name: TableName) => Table;

/** Few and quick: the shell tries again by itself, later and with a fresh look. */
const options: TableServiceClientOptions = {
  retryOptions: { maxRetries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 },
};

/** `credential` is asked for where the connection is an endpoint. */
export function openTables(connection: TablesConnection, credential: () => TokenCredential): Tables {
  const opened = new Map<TableName, Table>();
  return (name) => {
    const known = opened.get(name);
    if (known !== undefined) return known;
    const table = openTable(tableClient(connection, credential, name));
    opened.set(name, table);
    return table;
  };
}

/** The vendor's client of one table. `credential` is asked for where the connection is an endpoint. */
export function tableClient(
  connection: TablesConnection,
  credential: () => TokenCredential,
  name: TableName,
): TableClient {
  if ('endpoint' in connection) return new TableClient(connection.endpoint, name, credential(), options);
  // The client refuses a connection string that names http unless it is told that this is meant.
  const allowInsecureConnection = /=http:|Protocol=http;|UseDevelopmentStorage=true/i.test(connection.connectionString);
  return TableClient.fromConnectionString(connection.connectionString, name, { ...options, allowInsecureConnection });
}
