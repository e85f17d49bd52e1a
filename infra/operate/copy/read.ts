import { INDEX } from '../../../shared/adapters/tables/lane-index.ts';
import { headIn, laneKey } from '../../../shared/adapters/tables/lane-rows.ts';
import { fromRow } from '../../../shared/adapters/tables/row.ts';
import type { Effect, PendingEffect } from '../../../shared/lane/effect.ts';
import type { DeploymentRecord, Lane } from '../../../shared/lane/lane.ts';
import type { JournalHead } from '../../../shared/ports.ts';
import { sha256Of } from '../backup/table-file.ts';
import { linesIn } from './lines.ts';
import { type Manifest, readManifest, type TABLES, tableFile } from './manifest.ts';
import { asRead, type CopiedRow, rowIn } from './row-text.ts';

/** A lane as it was when it was copied, as far as it has to be known before anything of it is written. */
export interface CopiedLane {
  lane: Lane;
  head: JournalHead;
  pending: Effect[];
  /** Records that had not ended. */
  unfinished: DeploymentRecord[];
}

export interface Backup {
  dir: string;
  manifest: Manifest;
  lanes: CopiedLane[];
}

/** Reads all of a backup once: it is as it was made, and this version can read its lanes. Throws one clear sentence. */
export async function readBackup(dir: string): Promise<Backup> {
  const manifest = readManifest(dir);
  const lanes = new Map<string, Partial<CopiedLane>>();
  for (const { name, rows, sha256 } of manifest.tables) {
    const path = tableFile(dir, name);
    if ((await hashOf(path)) !== sha256) throw new Error(`${path} is not as it was made: its SHA-256 is another`);
    let found = 0;
    for await (const row of copiedRows(dir, name)) {
      found += 1;
      if (name === 'Lanes' && row.partitionKey !== INDEX) note(lanes, row, path);
    }
    if (found !== rows) throw new Error(`${path} is not as it was made: it holds ${found} rows instead of ${rows}`);
  }
  return { dir, manifest, lanes: [...lanes.values()].flatMap(complete) };
}

/** The rows of a table in the order they were copied. Throws one clear sentence. */
export async function* copiedRows(dir: string, name: (typeof TABLES)[number]): AsyncGenerator<CopiedRow> {
  const path = tableFile(dir, name);
  let at = 0;
  for await (const line of linesIn(path)) {
    at += 1;
    let row: CopiedRow;
    try {
      row = rowIn(line);
    } catch (error) {
      throw new Error(`line ${at} of ${path} is no row: ${(error as Error).message}`, { cause: error });
    }
    yield row;
  }
}

async function hashOf(path: string): Promise<string> {
  try {
    return await sha256Of(path);
  } catch (error) {
    throw new Error(`${path} cannot be read`, { cause: error });
  }
}

function note(lanes: Map<string, Partial<CopiedLane>>, row: CopiedRow, path: string): void {
  const { partitionKey, rowKey } = row;
  const isUnfinished = rowKey.startsWith('deployment!');
  if (rowKey !== laneKey && !rowKey.startsWith('effect!') && !isUnfinished) return;
  const noted = lanes.get(partitionKey) ?? {};
  lanes.set(partitionKey, noted);
  try {
    const read = asRead(row);
    if (rowKey === laneKey) Object.assign(noted, { lane: fromRow<Lane>(read), head: headIn(read) });
    else if (isUnfinished) {
      const record = fromRow<DeploymentRecord>(read);
      if (record.outcome === null) noted.unfinished = [...(noted.unfinished ?? []), record];
    } else noted.pending = [...(noted.pending ?? []), fromRow<PendingEffect>(read).effect];
  } catch (error) {
    throw new Error(`${path} holds a row that cannot be restored: ${(error as Error).message}`, { cause: error });
  }
}

/** Of a lane of which errors alone are known there is no row. */
function complete({ lane, head, pending = [], unfinished = [] }: Partial<CopiedLane>): CopiedLane[] {
  return lane === undefined || head === undefined ? [] : [{ lane, head, pending, unfinished }];
}
