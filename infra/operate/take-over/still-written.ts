import type { TableClient } from '@azure/data-tables';
import { quoted } from '../../../shared/adapters/tables/key.ts';
import { laneKey } from '../../../shared/adapters/tables/lane-rows.ts';
import { rowsOf, writtenAt } from '../rows.ts';

export interface Written {
  lane: string;
  writtenAt: Date;
}

/** A region that runs looks at each idle lane every five minutes, and saves that it did. */
const FRESH_MS = 10 * 60_000;

/** When each lane of these tables was last changed. Throws Unreachable. */
export async function lanesWritten(client: TableClient): Promise<Written[]> {
  const lanes: Written[] = [];
  for await (const row of rowsOf(client, `RowKey eq ${quoted(laneKey)}`))
    lanes.push({ lane: String(row.lane), writtenAt: writtenAt(row) });
  return lanes;
}

/**
 * Refuses while the first region writes. That it does not is no proof that it is dead: only its role, taken away, keeps it from acting.
 * Throws one clear sentence.
 */
export function refuseIfWritten(lanes: Written[], now: Date): void {
  const [newest] = [...lanes].sort((a, b) => b.writtenAt.getTime() - a.writtenAt.getTime());
  if (newest === undefined || now.getTime() - newest.writtenAt.getTime() > FRESH_MS) return;
  throw new Error(
    `the lane ${newest.lane} was changed ${newest.writtenAt.toISOString()}, less than ten minutes ago: the first region may still run. ` +
      'Stop its apps, take its role on the sites away, and run this again; --force goes on all the same',
  );
}
