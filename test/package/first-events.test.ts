import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../infra/local/root.ts';
import { appsFile } from '../bench/apps-file.ts';
import { type CannedTables, cannedTables } from '../bench/start-up/canned-tables.ts';
import { FIRST_EVENTS } from '../bench/start-up/first-events.ts';
import { type Path, pathOf, settingsFor } from '../bench/start-up/paths.ts';
import { loadedWith, sourceOf } from './loaded-with.ts';

/** What the first event of a process loads, as a process of the built app was seen to load it. */

const dir = mkdtempSync(join(tmpdir(), 'warmswap-first-'));
const metafile = JSON.parse(readFileSync(join(root, 'dist/app-meta.json'), 'utf8')) as Metafile;
const script = join(dir, 'load-sample.mjs');
let tables: CannedTables;

beforeAll(async () => {
  tables = await cannedTables();
  const entryPoints = [join(root, 'test/bench/start-up/load-sample.ts')];
  await build({ entryPoints, outfile: script, bundle: true, platform: 'node', format: 'esm', target: 'node20' });
});
afterAll(async () => {
  await tables?.close();
  rmSync(dir, { recursive: true, force: true });
});

const sources = (files: Path['before']): string[] => [
  ...new Set(files.flatMap((file) => Object.keys(metafile.outputs[`dist/app/${file}`]?.inputs ?? {}).map(sourceOf))),
];

/** Until the tables are asked for: who may, what was sent, which lanes there are. No SDK, nothing that decides or speaks to Slack. */
const PACKAGES = ['@azure/functions', '@azure/functions-extensions-base', 'cookie', 'valibot', 'yaml'];
const OWN =
  /^(?:functions\/|shared\/(?:[a-z-]+\.ts$|correlation\/|lane\/words\.ts$|use-cases\/(?:append-errors|dead-letters)\.ts$|wire\/(?!slack\/|commands\/)|adapters\/apps-file\/))/;

test.each(FIRST_EVENTS)(
  'the first %s loads the tables’ library, and before it none of an outside system',
  async (event) => {
    const env = settingsFor(tables.connectionString, appsFile(dir, 1));
    const before = tables.written();
    const path = await pathOf(event, { script, env, appDir: join(root, 'dist/app'), metafile });
    expect(tables.written()).toBeGreaterThan(before);
    expect(sources(path.before).filter((name) => !PACKAGES.includes(name) && !OWN.test(name))).toEqual([]);

    // From there on the tables' own chunk with what it needs, and nothing else: no bus, no identity where the connection has a key.
    const [tablesChunk] = path.after;
    const needed = loadedWith(metafile, `dist/app/${tablesChunk}`);
    expect(needed).toContain('@azure/data-tables');
    expect(sources(path.after).filter((name) => !needed.has(name))).toEqual([]);
  },
);
