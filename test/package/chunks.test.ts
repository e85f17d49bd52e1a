import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { expect, test } from 'vitest';
import { root } from '../../infra/local/root.ts';

const { inputs, outputs } = JSON.parse(readFileSync(join(root, 'dist/app-meta.json'), 'utf8')) as Metafile;
const MAIN = 'dist/app/main.js';

const packageOf = (input: string): string | null => /.*node_modules\/(@[^/]+\/[^/]+|[^/]+)\//.exec(input)?.[1] ?? null;

/** As the lock file names it: `dev` stands there for what only the development tools need. */
const folderOf = (input: string): string | null =>
  /^(.*node_modules\/(?:@[^/]+\/[^/]+|[^/]+))\//.exec(input)?.[1] ?? null;

/** The packages and own files that are loaded with a file of the bundle, before anything is asked for by `import()`. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  const output = outputs[file];
  if (output === undefined || seen.has(file)) return new Set();
  seen.add(file);
  const others = output.imports.filter(({ kind, external }) => kind !== 'dynamic-import' && external !== true);
  return new Set([
    ...Object.keys(output.inputs).map((input) => packageOf(input) ?? input),
    ...others.flatMap(({ path }) => [...loadedWith(path, seen)]),
  ]);
}

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
/** What belongs to decisions and to reading outside shapes: no start needs it. */
const HEAVY = [...SDKS, '@azure/core-rest-pipeline', 'rhea', 'valibot', 'yaml', 'zod'];

test('the start chunk names the functions and holds nothing they do', () => {
  const loaded = [...loadedWith(MAIN)];
  expect(loaded.filter((name) => HEAVY.includes(name))).toEqual([]);
  expect(loaded.filter((name) => name.startsWith('shared/'))).toEqual([]);
  expect(loaded).toContain('@azure/functions');
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
  expect([...loadedWith(chunk)].filter((name) => SDKS.includes(name))).toEqual([sdk]);
  const holders = Object.keys(outputs).filter((file) =>
    Object.keys(outputs[file]?.inputs ?? {}).some((input) => packageOf(input) === sdk),
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
  const loaded = [...loadedWith(chunkOf(source))];
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

test('nothing of the local Azure, the tests or the development tools is in it', () => {
  const own = Object.keys(inputs).filter((input) => packageOf(input) === null);
  expect(own.filter((input) => !/^(functions|shared)\//.test(input))).toEqual([]);
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  const folders = new Set(Object.keys(inputs).flatMap((input) => folderOf(input) ?? []));
  expect(folders.size).toBeGreaterThan(20);
  expect([...folders].filter((folder) => packages[folder]?.dev !== undefined)).toEqual([]);
  expect([...folders].filter((folder) => packages[folder] === undefined)).toEqual([]);
});
