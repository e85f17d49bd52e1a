import type { TableClient } from '@azure/data-tables';
import { AzureCliCredential, ChainedTokenCredential } from '@azure/identity';
import { managedIdentity } from '../../shared/adapters/identity/credential.ts';
import { type TableName, tableClient } from '../../shared/adapters/tables/connect.ts';
import type { TablesSettings } from '../../shared/settings.ts';

/** The tables an operator looks at: as who they signed in with `az login`, or as the machine's own identity. */
export const operatorsTable = ({ tables, identityClientId }: TablesSettings, name: TableName): TableClient =>
  tableClient(
    tables,
    () => new ChainedTokenCredential(new AzureCliCredential(), managedIdentity(identityClientId)),
    name,
  );
