import type { ErrorReport } from '../../shared/correlation/words.ts';
import { type AppName, type EnvironmentName, laneId, type Version } from '../../shared/lane/words.ts';
import type { ErrorStore } from '../../shared/ports.ts';
import { type AppendPorts, appendErrors, type DecodedErrors } from '../../shared/use-cases/append-errors.ts';

export const counted = laneId('shop', 'production');
const now = new Date(Date.UTC(2026, 2, 1, 10));

/** A message of so many reports of each of a few errors. */
export function messageOf(id: number, counts: number[]): DecodedErrors {
  const reports = counts.map(
    (count, kind): ErrorReport => ({
      app: 'shop' as AppName,
      environment: 'production' as EnvironmentName,
      version: '1.0.0' as Version,
      occurredAt: new Date(now.getTime() - 1_000 * (id % 200)),
      level: 'error',
      exceptions: [],
      message: `error kind ${'abcdefgh'.charAt(kind % 8)}`,
      count,
      tags: {},
    }),
  );
  return { event: { source: 'https://shop.example', id: `message-${id}` }, reports };
}

/** Appends the batches one after the other, as they were delivered, and gives what was counted in the end. */
export async function countAfter(errors: ErrorStore, batches: DecodedErrors[][]): Promise<number> {
  const unused = (): never => {
    throw new Error('nothing here is unreadable');
  };
  const ports: AppendPorts = {
    now: () => now,
    apps: { policy: unused, lanes: () => [counted], defaultEnvironment: () => 'production' },
    errors,
    deadLetters: { put: unused, get: unused, list: unused, countReplay: unused },
    events: { publish: unused },
    log: { info: () => {}, error: () => {} },
  };
  for (const batch of batches) await appendErrors(ports, batch);
  const deltas = await errors.deltas(counted, new Date(0));
  return deltas.reduce((sum, { count }) => sum + count, 0);
}
