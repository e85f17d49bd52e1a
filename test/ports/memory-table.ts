import type { Row, StoredRow } from '../../shared/adapters/tables/row.ts';
import { Conflict, type QueryOptions, type Table, type Write } from '../../shared/adapters/tables/table.ts';
import { filterOf } from './table-filter.ts';

/** How a request reaches the rows: at once, or through whatever a test puts in its way (delays, losses, crashes). */
export type Passage = <Value>(request: Request, run: () => Value) => Promise<Value>;

/** `conditional`: a write that may be refused, also as the echo of itself. */
export interface Request {
  what: string;
  does: 'read' | 'write' | 'conditional write';
}

export const straight: Passage = async (_request, run) => run();

/** The rows of one table: ETags, conditional writes, transactions in one partition, order of the keys. */
export class MemoryRows {
  readonly name: string;
  /** Told of every transaction that was carried out. */
  written: (writes: Write[]) => void = () => {};
  readonly #partitions = new Map<string, Map<string, StoredRow>>();
  #etags = 0;

  constructor(name: string) {
    this.name = name;
  }

  get(partitionKey: string, rowKey: string, select?: string[]): StoredRow | null {
    const row = this.#partitions.get(partitionKey)?.get(rowKey);
    return row === undefined ? null : selected(row, select);
  }

  query({ filter, select, most = Number.POSITIVE_INFINITY }: QueryOptions): StoredRow[] {
    const { test, partition } = filterOf(filter);
    const partitions = partition === null ? [...this.#partitions.values()] : [this.#partitions.get(partition)];
    const found: StoredRow[] = [];
    for (const rows of partitions) for (const row of rows?.values() ?? []) if (test(row)) found.push(row);
    found.sort((a, b) => order(a.partitionKey, b.partitionKey) || order(a.rowKey, b.rowKey));
    return found.slice(0, most).map((row) => selected(row, select));
  }

  /** All or nothing. Gives the ETag of the first row. */
  transact(writes: Write[]): string {
    if (new Set(writes.map(partitionOf)).size > 1) throw new RangeError('a transaction stays in one partition');
    if (new Set(writes.map(rowKeyOf)).size < writes.length)
      throw new RangeError('an entity stands once in a transaction');
    if (writes.length > 100) throw new RangeError('a transaction holds 100 operations');
    for (const write of writes) this.#check(write);
    const etags = writes.map((write) => this.#apply(write));
    this.written(writes);
    return etags[0] ?? '';
  }

  #check(write: Write): void {
    const there = this.#partitions.get(partitionOf(write))?.get(rowKeyOf(write));
    const fits =
      write.write === 'put' ||
      (write.write === 'create' && there === undefined) ||
      (write.write === 'replace' && there?.etag === write.etag) ||
      (write.write === 'delete' && there !== undefined);
    if (!fits) throw new Conflict(`${write.write} ${rowKeyOf(write)} in ${this.name}`);
  }

  #apply(write: Write): string {
    const rows = this.#partitions.get(partitionOf(write)) ?? new Map<string, StoredRow>();
    this.#partitions.set(partitionOf(write), rows);
    if (write.write === 'delete') {
      rows.delete(write.rowKey);
      return '';
    }
    this.#etags += 1;
    // As the service forms it, of an instant: the check of the journal knows it by that.
    const etag = `W/"datetime'${encodeURIComponent(new Date(this.#etags).toISOString())}'"`;
    rows.set(write.row.rowKey, { ...write.row, etag });
    return etag;
  }
}

/** A table over such rows, as the adapters use it. */
export function memoryTable(rows: MemoryRows, passage: Passage = straight): Table {
  const { name } = rows;
  return {
    name,
    get: (partitionKey, rowKey, select) =>
      passage({ what: `get ${name} ${rowKey}`, does: 'read' }, () => rows.get(partitionKey, rowKey, select)),
    query: (options) => passage({ what: `query ${name}`, does: 'read' }, () => rows.query(options)),
    transact: (writes) =>
      passage({ what: `transact ${name} ${keysOf(writes)}`, does: kindOf(writes) }, () => rows.transact(writes)),
    write: (write) =>
      passage({ what: `write ${name} ${keysOf([write])}`, does: kindOf([write]) }, () => rows.transact([write])),
  };
}

const kindOf = (writes: Write[]): Request['does'] =>
  writes.some(({ write }) => write !== 'put') ? 'conditional write' : 'write';
const keysOf = (writes: Write[]): string => writes.map(rowKeyOf).join(' ');
const partitionOf = (write: Write): string => (write.write === 'delete' ? write.partitionKey : write.row.partitionKey);
const rowKeyOf = (write: Write): string => (write.write === 'delete' ? write.rowKey : write.row.rowKey);
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function selected(row: StoredRow, select: string[] | undefined): StoredRow {
  if (select === undefined) return { ...row };
  const { partitionKey, rowKey, etag } = row;
  const found: Row = { partitionKey, rowKey };
  for (const name of select) if (name in row) found[name] = row[name];
  return { ...found, etag };
}
