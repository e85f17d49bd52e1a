import { type DeadLetter, type DeadLetterStore, LostRace, Unreadable } from '../../ports.ts';
import { encodeKey, inPartition, newestFirst } from './key.ts';
import { fromRow, SCHEMA, type StoredRow, toRow } from './row.ts';
import { Conflict, type Table } from './table.ts';

/** No source has this partition: encoded text holds no `!`. */
const SOURCES = '!sources';
const idKey = (id: string): string => `id!${encodeKey(id)}`;
const listKey = (letter: DeadLetter): string => `at!${newestFirst(letter.at)}!${encodeKey(letter.id)}`;

/**
 * What could not be read, by source. A letter lies under its time, for the list; the row under its id says which, and lets
 * it be stored once only, however often its message comes again.
 */
export function deadLetterStore(table: Table): DeadLetterStore {
  const find = async (source: string, id: string): Promise<StoredRow | null> => {
    const found = await table.get(encodeKey(source), idKey(id), ['key']);
    return found === null ? null : table.get(encodeKey(source), String(found.key));
  };
  const sources = async (): Promise<string[]> => {
    const rows = await table.query({ filter: inPartition(SOURCES), select: ['source'] });
    return rows.map((row) => String(row.source));
  };

  return {
    async put(letter) {
      const { source } = letter;
      const partition = encodeKey(source);
      // Listed first: a crash in between leaves a source without letters, never letters that no list shows.
      await table.write({ write: 'put', row: { partitionKey: SOURCES, rowKey: partition, schema: SCHEMA, source } });
      const key = listKey(letter);
      try {
        await table.transact([
          { write: 'create', row: { partitionKey: partition, rowKey: idKey(letter.id), schema: SCHEMA, key } },
          { write: 'put', row: toRow(partition, key, letter) },
        ]);
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
      }
    },

    async get(source, id) {
      const row = await find(source, id);
      return row === null ? null : fromRow<DeadLetter>(row);
    },

    async list(source, most) {
      const letters: DeadLetter[] = [];
      for (const one of source === null ? await sources() : [source]) {
        const rows = await table.query({ filter: inPartition(encodeKey(one), 'at!'), most });
        letters.push(...rows.map((row) => fromRow<DeadLetter>(row)));
      }
      return letters.sort((a, b) => b.at.getTime() - a.at.getTime()).slice(0, most);
    },

    async countReplay(source, id, at) {
      const row = await find(source, id);
      if (row === null) throw new Unreadable(`there is no dead letter ${id} of ${source}`);
      const letter = fromRow<DeadLetter>(row);
      const counted: DeadLetter = { ...letter, replays: letter.replays + 1, replayedAt: at };
      try {
        await table.write({ write: 'replace', row: toRow(row.partitionKey, row.rowKey, counted), etag: row.etag });
      } catch (error) {
        if (error instanceof Conflict)
          throw new LostRace(`dead letter ${id} of ${source} is being replayed by somebody else`, { cause: error });
        throw error;
      }
      return counted.replays;
    },
  };
}
