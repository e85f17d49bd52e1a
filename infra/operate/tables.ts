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

/** Where a client's tables are: the address of the account, without a secret. */
export function placeOf({ url }: TableClient): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/$/, '')}`;
}

/** The name of the account a client writes to: the first part of its host, or of its path where the host is an address. */
function accountOf(client: TableClient): string {
  const { hostname, pathname } = new URL(placeOf(client));
  return (pathname === '' || pathname === '/' ? hostname.split('.') : pathname.slice(1).split('/'))[0] ?? '';
}

/** Throws one clear sentence unless the operator named the account that is about to be written to. */
export function checkConfirmed(client: TableClient, named: string | undefined): void {
  const meant = (named ?? '').trim().replace(/\/$/, '');
  if (meant === accountOf(client) || meant === placeOf(client)) return;
  throw new Error(
    `--confirm must name the account that is written to: it is ${accountOf(client)}, at ${placeOf(client)}`,
  );
}
