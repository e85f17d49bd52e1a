import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Metafile } from 'esbuild';
import { type FirstEvent, tokens } from './first-events.ts';
import type { LoadAsked, LoadSample } from './load-sample.ts';

const run = promisify(execFile);

/** App settings that let a first event reach tables that answer; everything else is only named. */
export const settingsFor = (storage: string, appsFile: string): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  Storage: storage,
  ServiceBus: 'Endpoint=sb://127.0.0.1;SharedAccessKeyName=bench;SharedAccessKey=bench;UseDevelopmentEmulator=true',
  WARMSWAP_APPS_FILE: appsFile,
  WARMSWAP_TOKENS: tokens,
});

/** One process of `script`, the built load-sample.ts. */
export async function loadIn(script: string, env: Record<string, string>, asked: LoadAsked): Promise<LoadSample> {
  const { stdout } = await run(process.execPath, [script, JSON.stringify(asked)], { env });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as LoadSample;
}

/** What a function's first event loads, in order: until the tables' library is asked for, and from there on. */
export interface Path {
  before: string[];
  after: string[];
}

/** Watches one first event. Throws where it never spoke to the tables. */
export async function pathOf(
  event: FirstEvent,
  {
    script,
    env,
    appDir,
    metafile,
  }: { script: string; env: Record<string, string>; appDir: string; metafile: Metafile },
): Promise<Path> {
  const { files } = await loadIn(script, env, { appDir, event, note: true });
  const chunk = Object.entries(metafile.outputs).find(
    ([, { entryPoint }]) => entryPoint === 'shared/adapters/tables/stores.ts',
  );
  const own = (files ?? []).filter((file) => /^(?:main\.js|chunks\/)/.test(file));
  const at = own.findIndex((file) => `dist/app/${file}` === chunk?.[0]);
  if (at < 0) throw new Error(`${event} did not load the tables`);
  return { before: own.slice(0, at), after: own.slice(at) };
}
