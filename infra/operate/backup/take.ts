import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { TableClient } from '@azure/data-tables';
import type { TableName } from '../../../shared/adapters/tables/connect.ts';
import { headIn, laneKey } from '../../../shared/adapters/tables/lane-rows.ts';
import type { StoredRow } from '../../../shared/adapters/tables/row.ts';
import { type Manifest, manifestFile, newManifest, readManifest, TABLES, tableFile } from '../copy/manifest.ts';
import { ORIGIN } from '../copy/restored-row.ts';
import { asRead, copyOf, lineOf } from '../copy/row-text.ts';
import { writtenAt } from '../rows.ts';
import { placeOf } from '../tables.ts';
import { copyTable } from './partitions.ts';
import { openTableFile } from './table-file.ts';

export interface Taking {
  client: (name: TableName) => TableClient;
  /** The folder that is made; it must not be there yet. */
  out: string;
  now: () => Date;
  say: (line: string) => void;
}

/**
 * Copies all tables into a folder while the service runs. Of each lane all rows are of one moment; lanes and tables follow each other.
 * The folder has its name only when everything in it is complete and on disk. Throws Unreachable, NeverStill, or one clear sentence.
 */
export async function takeBackup({ client, out, now, say }: Taking): Promise<Manifest> {
  const dir = resolve(out);
  if (existsSync(dir)) throw new Error(`${out} is there already; a backup is never written over`);
  const making = await makePartial(dir);
  try {
    const takenAt = now();
    const lanes = new Map<string, Manifest['lanes'][number]>();
    const tables: Manifest['tables'] = [];
    for (const name of TABLES) {
      const file = await openTableFile(tableFile(making, name));
      await copyTable(client(name), name, file, (row) => {
        if (name === 'Lanes' && row.rowKey === laneKey) noteLane(lanes, row);
        // Where these tables came from is nothing of what they hold.
        return name === 'Markers' && row.partitionKey === ORIGIN.partitionKey ? null : lineOf(copyOf(row));
      });
      const ended = await file.end();
      tables.push({ name, ...ended });
      say(`${name}: ${ended.rows} rows`);
    }
    const from = placeOf(client('Lanes'));
    const text = newManifest({ id: randomUUID(), takenAt, endedAt: now(), from, tables, lanes: [...lanes.values()] });
    await writeWhole(manifestFile(making), text);
    await rename(making, dir);
    await syncFolder(dirname(dir));
    return readManifest(dir);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    throw error;
  }
}

/** A lane that is read again is noted again. */
function noteLane(lanes: Map<string, Manifest['lanes'][number]>, row: StoredRow): void {
  const read = asRead(copyOf(row));
  lanes.set(row.partitionKey, { lane: String(read.lane), head: headIn(read), writtenAt: writtenAt(row) });
}

/** Beside where it will be, so that giving it its name is one step. What an ended command left of its own is taken away. */
async function makePartial(dir: string): Promise<string> {
  const parent = dirname(dir);
  const prefix = `.${basename(dir)}.partial-`;
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent))
    if (name.startsWith(prefix) && !isRunning(Number(name.slice(prefix.length))))
      await rm(join(parent, name), { recursive: true, force: true });
  const making = join(parent, `${prefix}${process.pid}`);
  await mkdir(making);
  return making;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  await file.writeFile(text);
  await file.sync();
  await file.close();
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync();
  await folder.close();
}
