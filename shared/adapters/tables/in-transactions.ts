import type { Row } from './row.ts';
import type { Table, Write } from './table.ts';

const MOST_OPERATIONS = 100;
/** A transaction holds 4 MiB; what is counted here lacks the envelope of each operation. */
const MOST_BYTES = 3_000_000;

/** Writes to one partition, cut into transactions that are neither too many operations nor too many bytes. */
export function chunked<One extends Exclude<Write, { write: 'delete' }>>(writes: One[]): One[][] {
  const chunks: One[][] = [];
  let chunk: One[] = [];
  let bytes = 0;
  for (const write of writes) {
    const size = bytesOf(write.row);
    if (chunk.length > 0 && (chunk.length === MOST_OPERATIONS || bytes + size > MOST_BYTES)) {
      chunks.push(chunk);
      chunk = [];
      bytes = 0;
    }
    chunk.push(write);
    bytes += size;
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}

const bytesOf = (row: Row): number => Buffer.byteLength(JSON.stringify(row), 'utf8');

/** A transaction of one operation is a plain write: the same guarantee for less. */
export async function writeAll(table: Table, writes: Exclude<Write, { write: 'delete' }>[]): Promise<void> {
  const [only, ...rest] = writes;
  if (only !== undefined && rest.length === 0) await table.write(only);
  else await table.transact(writes);
}
