import type { LaneId } from '../../lane/words.ts';
import { inPartition, instant } from './key.ts';
import { partitionOf } from './lane-rows.ts';
import { Conflict, type Table, type Write } from './table.ts';

const MOST_A_CALL = 300;
const MOST_A_TRANSACTION = 100;

/** Deletes `seen!` rows older than the instant, lane by lane; the next call goes on where this one stopped. Returns how many. */
export async function forgetSeen(table: Table, lanes: LaneId[], before: Date): Promise<number> {
  let forgotten = 0;
  for (const lane of lanes) {
    if (forgotten >= MOST_A_CALL) break;
    const rows = await table.query({
      filter: `${inPartition(partitionOf(lane), 'seen!')} and at lt ${instant(before)}`,
      select: ['PartitionKey', 'RowKey'],
      most: MOST_A_CALL - forgotten,
    });
    for (let from = 0; from < rows.length; from += MOST_A_TRANSACTION) {
      const chunk = rows.slice(from, from + MOST_A_TRANSACTION);
      const writes = chunk.map(({ partitionKey, rowKey }) => ({ write: 'delete' as const, partitionKey, rowKey }));
      if (await deletes(table, writes)) forgotten += chunk.length;
    }
  }
  return forgotten;
}

/** False when somebody else was forgetting the same rows: the next call sees what is left. */
async function deletes(table: Table, writes: Write[]): Promise<boolean> {
  try {
    await table.transact(writes);
    return true;
  } catch (error) {
    if (error instanceof Conflict) return false;
    throw error;
  }
}
