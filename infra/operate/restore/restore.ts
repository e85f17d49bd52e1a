import type { TableClient } from '@azure/data-tables';
import type { TableName, Tables } from '../../../shared/adapters/tables/connect.ts';
import { openTable, type Table } from '../../../shared/adapters/tables/table.ts';
import type { Backup } from '../copy/read.ts';
import { lineOf } from '../verify-journal/tell.ts';
import { verifyAll } from '../verify-journal/verify.ts';
import { restoreLane } from './lanes.ts';
import { beginRestore, endRestore } from './origin.ts';
import { restoreRows } from './rows.ts';

export interface Restore {
  client: (name: TableName) => TableClient;
  backup: Backup;
  /** How the first region was fenced; null: nothing is taken over. */
  fenced: string | null;
  now: () => Date;
  say: (line: string) => void;
}

/**
 * Restores a backup into empty tables, lanes first and on hold, and then walks every journal. Run again after it was ended at any
 * point, it goes on; run again after that, it only walks the journals. False: a journal is broken. Throws one clear sentence.
 */
export async function restore({ client, backup, fenced, now, say }: Restore): Promise<boolean> {
  const { manifest, lanes } = backup;
  const tables = openedOnce(client);
  const origin = await beginRestore(tables, manifest, now(), fenced);
  if (origin.endedAt === null) {
    for (const lane of lanes) await restoreLane(tables('Lanes'), manifest, lane, now());
    say(`${lanes.length} ${lanes.length === 1 ? 'lane is' : 'lanes are'} on hold`);
    await restoreRows(tables, backup, say);
    await endRestore(tables, origin, now());
  } else say(`this backup was restored here at ${origin.endedAt.toISOString()}`);
  let whole = true;
  const heads = new Map(manifest.lanes.map(({ lane, head }) => [lane, head]));
  for await (const verdict of verifyAll(client('Lanes'), heads)) {
    if (verdict.fault === null) continue;
    whole = false;
    say(lineOf(verdict));
  }
  say(whole ? 'every journal is whole' : 'not every journal is whole');
  return whole;
}

function openedOnce(client: Restore['client']): Tables {
  const opened = new Map<TableName, Table>();
  return (name) => {
    const table = opened.get(name) ?? openTable(client(name));
    opened.set(name, table);
    return table;
  };
}
