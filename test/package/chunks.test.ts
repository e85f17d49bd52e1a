import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { expect, test } from 'vitest';
import { root } from '../../infra/local/root.ts';
import { loadedWith, sourceOf } from './loaded-with.ts';

const metafile = JSON.parse(readFileSync(join(root, 'dist/app-meta.json'), 'utf8')) as Metafile;
const { outputs } = metafile;

function chunkOf(source: string): string {
  const found = Object.keys(outputs).find((file) => outputs[file]?.entryPoint === source);
  if (found === undefined) throw new Error(`${source} has no chunk of its own`);
  return found;
}

const SDKS = [
  '@azure/data-tables',
  '@azure/service-bus',
  '@azure/storage-blob',
  '@azure/arm-appservice',
  '@azure/identity',
  '@slack/web-api',
];

/** All that a start may load: what names the functions, the library they are named with, and what that needs. */
const START =
  /^(?:@azure\/functions|@azure\/functions-extensions-base|cookie|functions\/(?:main|lazily|note-fault|http\/(?:routes|scheme|serve)|queue\/queues|timer\/timers)\.ts)$/;
const strangersIn = (bundle: Metafile, start: string): string[] =>
  [...loadedWith(bundle, start)].filter((name) => !START.test(name)).sort();

test('the start chunk names the functions and holds nothing they do', () => {
  expect([...loadedWith(metafile, 'dist/app/main.js')]).toContain('@azure/functions');
  expect(strangersIn(metafile, 'dist/app/main.js')).toEqual([]);
});

test.each([
  ['a schema library', "import { string } from 'valibot'; string();", ['valibot']],
  ['the settings', "import { readSettings } from './shared/settings.ts'; readSettings({});", ['shared/settings.ts']],
  ['an SDK', "import { TableClient } from '@azure/data-tables'; new TableClient('', '');", ['@azure/data-tables']],
  ['a handler', "import { laneInput } from './functions/queue/lane-input.ts'; laneInput();", ['shared/lane/decide.ts']],
])('%s imported at the start would be found', async (_, planted, named) => {
  const { metafile: found } = await build({
    stdin: { contents: `import './functions/main.ts'; ${planted}`, resolveDir: root },
    absWorkingDir: root,
    outdir: 'planted',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    external: ['@azure/functions-core', 'supports-color'],
    metafile: true,
    write: false,
  });
  expect(strangersIn(found, 'planted/stdin.js')).toEqual(expect.arrayContaining(named));
});

test.each([
  ['shared/adapters/tables/stores.ts', '@azure/data-tables'],
  ['shared/adapters/service-bus/senders.ts', '@azure/service-bus'],
  ['shared/adapters/blobs/connect.ts', '@azure/storage-blob'],
  ['shared/adapters/app-service/site-port.ts', '@azure/arm-appservice'],
  ['shared/adapters/identity/credential.ts', '@azure/identity'],
  ['shared/adapters/slack/connect.ts', '@slack/web-api'],
])('%s is the one chunk that loads %s', (source, sdk) => {
  const chunk = chunkOf(source);
  expect([...loadedWith(metafile, chunk)].filter((name) => SDKS.includes(name))).toEqual([sdk]);
  const holders = Object.keys(outputs).filter((file) =>
    Object.keys(outputs[file]?.inputs ?? {}).some((input) => sourceOf(input) === sdk),
  );
  expect(holders).toEqual([chunk]);
});

test.each([
  'functions/queue/error-report.ts',
  'functions/http/answer.ts',
  'functions/http/bearer-door.ts',
  'functions/http/errors.ts',
  'functions/http/markers.ts',
])('%s loads no library of an outside system by itself, and nothing that decides', (source) => {
  const loaded = [...loadedWith(metafile, chunkOf(source))];
  expect(loaded.filter((name) => SDKS.includes(name))).toEqual([]);
  expect(loaded.filter((name) => /^shared\/(lane\/(stages|swap)|wire\/slack)\//.test(name))).toEqual([]);
});

test('only the runtime is asked for what is not in the folder; `debug` tries for colours and does without', () => {
  const external = Object.values(outputs).flatMap(({ imports }) =>
    imports.filter((one) => one.external === true).map(({ path }) => path),
  );
  const builtin = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);
  expect([...new Set(external)].filter((name) => !builtin.has(name)).sort()).toEqual([
    '@azure/functions-core',
    'supports-color',
  ]);
});
