import { RestError, type TableClient, type TransactionAction } from '@azure/data-tables';
import { LastingFailure, Unavailable } from '../../ports.ts';
import { retryAtOf } from '../http/retry-after.ts';
import type { Row, StoredRow } from './row.ts';

/** The row was not as the write expected it: another ETag, there already, or gone. */
export class Conflict extends Error {
  override name = 'Conflict';
}

type OperationOptions = NonNullable<Parameters<TableClient['submitTransaction']>[1]>;

export type Write =
  | { write: 'create'; row: Row }
  | { write: 'replace'; row: Row; etag: string }
  | { write: 'put'; row: Row }
  | { write: 'delete'; partitionKey: string; rowKey: string };

export interface QueryOptions {
  filter: string;
  /** Properties to read; all, where left out. */
  select?: string[] | undefined;
  most?: number | undefined;
}

/** All of one call, the client's own retries included, ends by then. */
const DEADLINE_MS = 12_000;
const MOST_OPERATIONS = 100;
/** The service's limit for a page. */
const PAGE = 1_000;

/** One table, in as few ways as we use it. A table that is not there yet is made when it is first missed. */
export interface Table {
  readonly name: string;
  /** Null: no such row. Throws Unavailable. */
  get(partitionKey: string, rowKey: string, select?: string[]): Promise<StoredRow | null>;
  /** In the order of the keys. Throws Unavailable. */
  query(options: QueryOptions): Promise<StoredRow[]>;
  /**
   * All or nothing, in one partition. Gives the new ETag of the first row, if it is no delete. Throws Conflict, Unavailable
   * (the outcome is then unknown), LastingFailure.
   */
  transact(writes: Write[]): Promise<string>;
  /** One row, and its new ETag. Throws as `transact`. */
  write(write: Exclude<Write, { write: 'delete' }>): Promise<string>;
}

export function openTable(client: TableClient): Table {
  const call = async <Value>(what: string, run: (options: OperationOptions) => Promise<Value>): Promise<Value> => {
    const abortSignal = AbortSignal.timeout(DEADLINE_MS);
    try {
      try {
        return await run({ abortSignal });
      } catch (error) {
        if (!isTableMissing(error)) throw error;
        await client.createTable({ abortSignal });
        return await run({ abortSignal });
      }
    } catch (error) {
      throw translated(`${what} ${client.tableName}`, error);
    }
  };

  return {
    name: client.tableName,

    get: (partitionKey, rowKey, select) =>
      call('reading', async (options) => {
        try {
          const queryOptions = select === undefined ? {} : { queryOptions: { select } };
          return (await client.getEntity(partitionKey, rowKey, { ...options, ...queryOptions })) as StoredRow;
        } catch (error) {
          if (error instanceof RestError && error.statusCode === 404 && !isTableMissing(error)) return null;
          throw error;
        }
      }),

    query: ({ filter, select, most = Number.POSITIVE_INFINITY }) =>
      call('reading', async (options) => {
        const rows: StoredRow[] = [];
        const queryOptions = select === undefined ? { filter } : { filter, select };
        const pages = client
          .listEntities({ ...options, queryOptions })
          .byPage({ maxPageSize: Math.min(PAGE, Math.max(1, most)) });
        for await (const page of pages) {
          rows.push(...(page as StoredRow[]));
          if (rows.length >= most) break;
        }
        return rows.slice(0, most);
      }),

    async transact(writes) {
      if (writes.length > MOST_OPERATIONS)
        throw new RangeError(`${writes.length} operations in one transaction; a table takes ${MOST_OPERATIONS}`);
      // The parts of the answer stand in the order of the operations and only some of them name their row.
      const answer = await call('writing', (options) => client.submitTransaction(writes.map(toAction), options));
      return answer.subResponses[0]?.etag ?? '';
    },

    write: (write) =>
      call('writing', async (options) => {
        const answer =
          write.write === 'create'
            ? await client.createEntity(write.row, options)
            : write.write === 'replace'
              ? await client.updateEntity(write.row, 'Replace', { ...options, etag: write.etag })
              : await client.upsertEntity(write.row, 'Replace', options);
        return answer.etag ?? '';
      }),
  };
}

function toAction(write: Write): TransactionAction {
  switch (write.write) {
    case 'create':
      return ['create', write.row];
    case 'replace':
      // Without an ETag the client sends `*`, and the last writer wins in silence.
      return ['update', write.row, 'Replace', { etag: write.etag }];
    case 'put':
      return ['upsert', write.row, 'Replace'];
    case 'delete':
      return ['delete', { partitionKey: write.partitionKey, rowKey: write.rowKey }];
  }
}

const isTableMissing = (error: unknown): boolean => error instanceof RestError && codeOf(error) === 'TableNotFound';

/** Plain calls carry the service's code in the parsed body, transactions on the error itself. */
function codeOf(error: RestError): string | undefined {
  const details = error.details as { odataError?: { code?: string } } | undefined;
  return details?.odataError?.code ?? error.code;
}

function translated(what: string, error: unknown): Error {
  if (error instanceof RestError) {
    const status = error.statusCode;
    if (status === 412 || status === 409 || status === 404)
      return new Conflict(`${what}: ${codeOf(error) ?? status}`, { cause: error });
    // A request the service cannot read or store: ours to mend, and the same every time.
    if (status === 400 || status === 413)
      return new LastingFailure(`${what}: ${codeOf(error) ?? status}: ${error.message}`, { cause: error });
  } else if (error instanceof RangeError || error instanceof TypeError) return error;
  const retryAt = error instanceof RestError ? retryAtOf(error.response?.headers.get('retry-after')) : undefined;
  return new Unavailable(`${what}: the tables do not answer`, { cause: error, retryAt });
}
