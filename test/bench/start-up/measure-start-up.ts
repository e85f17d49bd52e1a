import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../../infra/local/root.ts';
import { appsFile } from '../apps-file.ts';
import { median } from '../quantile.ts';
import { cannedTables } from './canned-tables.ts';
import type { LoadSample } from './load-sample.ts';

export interface StartUp {
  rounds: number;
  functions: number;
  /** Medians, in milliseconds. */
  emptyMs: number;
  loadMs: number;
  /** Median of the ratios within each round. */
  ratio: number;
  firstErrorEventMs: number;
}

const ROUNDS = 21;
const run = promisify(execFile);

/** Loads the app and the empty app in turn, each in a process of its own; the order within a round changes. */
export async function measureStartUp(dir: string): Promise<StartUp> {
  const tables = await cannedTables();
  const env = {
    PATH: process.env.PATH,
    Storage: tables.connectionString,
    ServiceBus: 'Endpoint=sb://127.0.0.1;SharedAccessKeyName=bench;SharedAccessKey=bench;UseDevelopmentEmulator=true',
    WARMSWAP_APPS_FILE: appsFile(dir, 1),
  };
  const sample = async (app: string, ...more: string[]): Promise<LoadSample> => {
    const script = join(root, 'dist/bench/load-sample.js');
    const { stdout } = await run(process.execPath, [script, join(root, app), ...more], { env });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as LoadSample;
  };
  const empty: LoadSample[] = [];
  const ours: LoadSample[] = [];
  const events: LoadSample[] = [];
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      const both = [
        async () => void empty.push(await sample('dist/bench/empty-app')),
        async () => void ours.push(await sample('dist/app')),
      ];
      for (const one of round % 2 === 0 ? both : both.reverse()) await one();
      if (round % 3 === 0) events.push(await sample('dist/app', 'event'));
    }
    if (tables.written() < events.length) throw new Error('the first error events did not reach the tables');
  } finally {
    await tables.close();
  }
  // The first of each only filled the page cache.
  const loads = (samples: LoadSample[]): number[] => samples.slice(1).map(({ loadMs }) => loadMs);
  const [emptyLoads, ourLoads] = [loads(empty), loads(ours)];
  return {
    rounds: ROUNDS,
    functions: ours[0]?.functions ?? 0,
    emptyMs: median(emptyLoads),
    loadMs: median(ourLoads),
    ratio: median(ourLoads.map((ms, round) => ms / (emptyLoads[round] ?? Number.NaN))),
    firstErrorEventMs: median(events.slice(1).map(({ eventMs }) => eventMs ?? Number.NaN)),
  };
}
