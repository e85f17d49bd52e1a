import type { Fingerprint, LaneId } from '../../lane/words.ts';
import { type ErrorGroup, LostRace, type StoredGroup } from '../../ports.ts';
import { chunked } from './in-transactions.ts';
import { encodeKey, inPartition } from './key.ts';
import { fromRow, type StoredRow, toRow } from './row.ts';
import { Conflict, type Table, type Write } from './table.ts';

const partitionOf = (lane: LaneId): string => encodeKey(lane);
const stored = (row: StoredRow): StoredGroup => ({ group: fromRow<ErrorGroup>(row), etag: row.etag });

export async function groupsOf(table: Table, lane: LaneId): Promise<StoredGroup[]> {
  return (await table.query({ filter: inPartition(partitionOf(lane)) })).map(stored);
}

export async function groupOf(table: Table, lane: LaneId, fingerprint: Fingerprint): Promise<StoredGroup | null> {
  const row = await table.get(partitionOf(lane), encodeKey(fingerprint));
  return row === null ? null : stored(row);
}

/** Each group under its own ETag, in transactions of at most a hundred. Throws LostRace naming the group that somebody else changed. */
export async function saveGroups(
  table: Table,
  lane: LaneId,
  groups: { group: ErrorGroup; etag: string | null }[],
): Promise<void> {
  const writes = groups.map(({ group, etag }): Exclude<Write, { write: 'delete' | 'put' }> => {
    const row = toRow(partitionOf(lane), encodeKey(group.fingerprint), group);
    return etag === null ? { write: 'create', row } : { write: 'replace', row, etag };
  });
  for (const chunk of chunked(writes)) {
    try {
      await table.transact(chunk);
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      throw new LostRace(`${await changedIn(table, lane, groups)} of ${lane} was changed by somebody else`, {
        cause: error,
      });
    }
  }
}

/** Which of the groups is no longer as it was read: the transaction's answer does not say so by anything but its text. */
async function changedIn(
  table: Table,
  lane: LaneId,
  groups: { group: ErrorGroup; etag: string | null }[],
): Promise<string> {
  const now = new Map((await groupsOf(table, lane)).map(({ group, etag }) => [group.fingerprint, etag]));
  const changed = groups.filter(({ group, etag }) => (now.get(group.fingerprint) ?? null) !== etag);
  return `error group ${changed.map(({ group }) => group.fingerprint).join(', ') || '(unknown)'}`;
}
