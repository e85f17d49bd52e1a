import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { root } from '../../infra/local/root.ts';
import { readSettings } from '../../shared/settings.ts';
import { type BicepFile, parseBicep } from './bicep.ts';

export const folder = join(root, 'infra/azure');

/** The text of every template by its name. */
export const textsOf = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('.bicep'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );

export const parsed = (texts: Readonly<Record<string, string>>): BicepFile[] =>
  Object.entries(texts).map(([name, text]) => parseBicep(name, text));

/** Every setting the code asks the environment for, found by letting it ask. */
export function settingsRead(): string[] {
  const asked = new Set<string>();
  const env = new Proxy<Record<string, string | undefined>>(
    {},
    {
      get(_, name) {
        asked.add(String(name));
        return undefined;
      },
    },
  );
  try {
    readSettings(env);
  } catch {
    // An empty environment is not usable; what was asked for is known all the same.
  }
  return [...asked];
}

export interface Registered {
  name: string;
  trigger: { type: string } & Record<string, unknown>;
}

/** The functions of the built app, as a worker registers them. */
export async function registeredFunctions(): Promise<Registered[]> {
  const dir = mkdtempSync(join(tmpdir(), 'warmswap-registered-'));
  const script = join(dir, 'registered.mjs');
  try {
    const entryPoints = [join(root, 'test/package/registered.ts')];
    await build({ entryPoints, outfile: script, bundle: true, platform: 'node', format: 'esm', target: 'node20' });
    const { stdout } = await promisify(execFile)(process.execPath, [script, join(root, 'dist/app')], { env: {} });
    return JSON.parse(stdout) as Registered[];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const source = (path: string): string => readFileSync(join(root, path), 'utf8');

/** A piece of source between two of its texts. Throws where it is not there, so that it cannot come out empty. */
function between(path: string, from: string, to: string): string {
  const text = source(path);
  const begin = text.indexOf(from);
  const end = text.indexOf(to, begin + from.length);
  if (begin < 0 || end < 0) throw new Error(`${path} no longer holds ${from} … ${to}`);
  return text.slice(begin + from.length, end);
}

const quotedBetween = (path: string, from: string, to: string): string[] =>
  [...between(path, from, to).matchAll(/'([^']+)'/g)].map(([, name = '']) => name);

/** Tables, containers, and where messages are sent, as the adapters name them. */
export const usedByCode = () => ({
  tables: quotedBetween('shared/adapters/tables/connect.ts', 'export type TableName =', ';'),
  containers: quotedBetween('shared/adapters/blobs/connect.ts', 'const CONTAINER =', ';'),
  sentTo: [...source('shared/adapters/service-bus/outboxes.ts').matchAll(/bus\.send\('([^']+)'/g)].map(
    ([, to = '']) => to,
  ),
  replayedTo: keysBetween('shared/adapters/service-bus/replayer.ts', 'const sessionIn', '};'),
});

/** How a deployment may end. */
export const outcomes = (): string[] => quotedBetween('shared/lane/lane.ts', 'export type Outcome =', ';');

/** Keys of an object in a piece of source, one on each line. */
const keysBetween = (path: string, from: string, to: string): string[] =>
  [...between(path, from, to).matchAll(/^ {2}'?([\w-]+)'?:/gm)].map(([, name = '']) => name);
