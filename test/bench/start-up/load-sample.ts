import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createCore, supplyCore } from '../../../infra/local/functions-host/core-module.ts';
import { type FirstEvent, handFirst } from './first-events.ts';
import { noteLoadedFiles } from './loaded-files.ts';

/** What one process found; times in milliseconds. */
export interface LoadSample {
  functions: number;
  /**
   * `import()` of the app's main file, and after it of the given chunks in turn: processor time of all threads, which on an idle machine is
   * the time it takes, and on a busy one does not measure the others.
   */
  loadMs: number;
  /** From handing over the first event until the tables have it; null where none was asked for. */
  eventMs: number | null;
  /** The files of the app in the order they were loaded, by their path inside it; null where that was not asked for. */
  files: string[] | null;
}

/** What a process is asked for, as JSON. */
export interface LoadAsked {
  appDir: string;
  chunks?: string[];
  event?: FirstEvent;
  /** What is noted is not timed: noting costs time. */
  note?: boolean;
}

/**
 * A process of its own for each sample, as a new worker is: `node load-sample.js <asked>`. Everything the measured code does not
 * need was loaded before the clock starts; the runtime's own module is supplied as the runtime supplies it.
 */
async function sample({ appDir, chunks = [], event, note = false }: LoadAsked): Promise<LoadSample> {
  const noted = note ? noteLoadedFiles() : null;
  const core = createCore(() => undefined);
  supplyCore(core.exports);
  const files = ['main.js', ...chunks].map((file) => pathToFileURL(join(appDir, file)).href);
  const before = process.cpuUsage();
  for (const file of files) await import(file);
  const { user, system } = process.cpuUsage(before);
  const loaded = performance.now();
  core.endRegistration();
  if (event !== undefined) await handFirst(event, core);
  return {
    functions: core.functions.length,
    loadMs: (user + system) / 1_000,
    eventMs: event === undefined ? null : performance.now() - loaded,
    files: noted?.().map((url) => (url.startsWith('file:') ? relative(appDir, fileURLToPath(url)) : url)) ?? null,
  };
}

const asked = JSON.parse(process.argv[2] ?? '') as LoadAsked;
process.stdout.write(`${JSON.stringify(await sample(asked))}\n`, () => process.exit(0));
