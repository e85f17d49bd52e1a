import { RestError, type TableClient } from '@azure/data-tables';
import { inPartition, quoted } from '../../shared/adapters/tables/key.ts';
import type { StoredRow } from '../../shared/adapters/tables/row.ts';

/** The tables cannot be read; one sentence that says so. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

const PAGE = 1_000;
/** Of one request with its repetitions. */
const DEADLINE_MS = 30_000;

/** Every row a filter finds, in the order of the keys; one page at a time is held. Nothing is ever written. Throws Unreachable. */
export const rowsOf = (client: TableClient, filter: string, most = PAGE): AsyncGenerator<StoredRow> =>
  pagesOf(client, { filter }, most);

/** The same with every value as the service says it, its type beside it where JSON has none for it. Throws Unreachable. */
export const typedRowsOf = (client: TableClient, filter: string): AsyncGenerator<StoredRow> =>
  pagesOf(client, { filter, typed: true }, PAGE);

interface Asked {
  filter: string;
  typed?: boolean;
}

async function* pagesOf(client: TableClient, asked: Asked, most: number): AsyncGenerator<StoredRow> {
  let continuationToken: string | undefined;
  do {
    const page = await pageOf(client, asked, most, continuationToken);
    yield* page as StoredRow[];
    ({ continuationToken } = page);
  } while (continuationToken !== undefined);
}

/** Null: there is none. Throws Unreachable. */
export async function firstRow(client: TableClient, filter: string): Promise<StoredRow | null> {
  for await (const row of rowsOf(client, filter, 1)) return row;
  return null;
}

export const rowAt = (client: TableClient, partition: string, rowKey: string): Promise<StoredRow | null> =>
  firstRow(client, `${inPartition(partition)} and RowKey eq ${quoted(rowKey)}`);

/** Each partition there is, whatever an index says: one request for each. */
export async function* partitionsOf(client: TableClient): AsyncGenerator<string> {
  let row = await firstRow(client, "PartitionKey ge ''");
  while (row !== null) {
    yield row.partitionKey;
    row = await firstRow(client, `PartitionKey gt ${quoted(row.partitionKey)}`);
  }
}

async function pageOf(
  client: TableClient,
  { filter, typed = false }: Asked,
  maxPageSize: number,
  continuationToken?: string,
) {
  const abortSignal = AbortSignal.timeout(DEADLINE_MS);
  const paging = { maxPageSize, ...(continuationToken === undefined ? {} : { continuationToken }) };
  try {
    const pages = client
      .listEntities({ abortSignal, disableTypeConversion: typed, queryOptions: { filter } })
      .byPage(paging);
    const { value, done } = await pages.next();
    if (done === true) throw new Unreachable(`the table ${client.tableName} gave no page`);
    return value;
  } catch (error) {
    throw error instanceof Unreachable ? error : new Unreachable(sentenceOf(client, error), { cause: error });
  }
}

function sentenceOf({ tableName, url }: TableClient, error: unknown): string {
  const at = `the table ${tableName} at ${new URL(url).origin}`;
  if (!(error instanceof Error)) return `${at} cannot be read`;
  const details = error instanceof RestError ? (error.details as { odataError?: { code?: string } } | undefined) : {};
  const code = details?.odataError?.code ?? (error instanceof RestError ? error.code : error.name);
  if (code === 'TableNotFound') return `${at} does not exist: is this the storage account of Warmswap?`;
  return `${at} cannot be read: ${code ?? error.name}: ${error.message.split('\n')[0]}`;
}

/** When the service last took a change of the row. */
export function writtenAt({ timestamp }: StoredRow): Date {
  const { value } = (timestamp ?? {}) as { value?: unknown };
  return new Date(String(value ?? timestamp));
}
