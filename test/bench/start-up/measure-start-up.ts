import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { root } from '../../../infra/local/root.ts';
import { appsFile } from '../apps-file.ts';
import { median } from '../quantile.ts';
import { cannedTables } from './canned-tables.ts';
import { FIRST_EVENTS, type FirstEvent } from './first-events.ts';
import { loadIn, pathOf, settingsFor } from './paths.ts';

/** Medians, in milliseconds, and what they are of an empty app's. */
export interface Load {
  ms: number;
  ratio: number;
}

export interface StartUp {
  rounds: number;
  functions: number;
  emptyMs: number;
  /** main.js: what every start loads, whatever comes first. */
  start: Load;
  /** main.js and what a function's first event loads before the tables' library. */
  paths: Record<FirstEvent, Load>;
  /** From handing over the first error report of a process until the tables have it, their library loaded. */
  firstErrorEventMs: number;
}

const ROUNDS = 21;

/**
 * Module load and nothing else: each sample is a process of its own that imports main.js, and for a path then the chunks that its first
 * event was seen to load before the tables' library is asked for. The order within a round changes; the first round only fills caches.
 */
export async function measureStartUp(dir: string): Promise<StartUp> {
  const tables = await cannedTables();
  const env = settingsFor(tables.connectionString, appsFile(dir, 1));
  const script = join(root, 'dist/bench/load-sample.js');
  const appDir = join(root, 'dist/app');
  const metafile = JSON.parse(readFileSync(join(root, 'dist/app-meta.json'), 'utf8')) as Metafile;
  const samples = new Map<string, number[]>();
  const note = (name: string, ms: number): void => void samples.set(name, [...(samples.get(name) ?? []), ms]);
  let functions = 0;
  const load = async (name: string, app: string, chunks: string[] = []): Promise<void> => {
    const loaded = await loadIn(script, env, { appDir: join(root, app), chunks });
    note(name, loaded.loadMs);
    if (name === 'start') functions = loaded.functions;
  };
  try {
    const measured = [() => load('empty', 'dist/bench/empty-app'), () => load('start', 'dist/app')];
    for (const event of FIRST_EVENTS) {
      const { before } = await pathOf(event, { script, env, appDir, metafile });
      measured.push(() => load(event, 'dist/app', before));
    }
    for (let round = 0; round <= ROUNDS; round += 1) {
      const from = round % measured.length;
      for (const one of [...measured.slice(from), ...measured.slice(0, from)]) await one();
      if (round % 3 !== 0) continue;
      const { eventMs } = await loadIn(script, env, { appDir, event: 'errorReports' });
      note('event', eventMs ?? Number.NaN);
    }
    if (tables.written() === 0) throw new Error('the first events did not reach the tables');
  } finally {
    await tables.close();
  }
  const middle = (name: string): number => median((samples.get(name) ?? []).slice(1));
  const emptyMs = middle('empty');
  const of = (name: string): Load => ({ ms: middle(name), ratio: middle(name) / emptyMs });
  return {
    rounds: ROUNDS,
    functions,
    emptyMs,
    start: of('start'),
    paths: { errorReports: of('errorReports'), postErrors: of('postErrors'), postMarker: of('postMarker') },
    firstErrorEventMs: middle('event'),
  };
}
