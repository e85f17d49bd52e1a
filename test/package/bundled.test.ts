import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { expect, test } from 'vitest';
import { root } from '../../infra/local/root.ts';
import { bundledPackages } from '../../infra/package/bundled.ts';
import type { Lock } from '../../infra/package/lock.ts';

const metafile = JSON.parse(readFileSync(join(root, 'dist/app-meta.json'), 'utf8')) as Metafile;
const lock = (JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Lock }).packages;
const withInput = (input: string): Metafile => ({
  ...metafile,
  inputs: { ...metafile.inputs, [input]: { bytes: 1, imports: [] } },
});
const valibot = 'node_modules/valibot';

test('all that is bundled is ours or a dependency of the deployed app, under a licence that was agreed to', () => {
  const { packages, faults } = bundledPackages(metafile, lock);
  expect(faults).toEqual([]);
  expect(packages.map(({ name }) => name)).toEqual(expect.arrayContaining(['@azure/functions', 'valibot', 'yaml']));
  expect(packages.length).toBeGreaterThan(40);
});

test.each<[string, Metafile, Lock, string]>([
  ['a test', withInput('test/builders/build.ts'), lock, 'test/builders/build.ts'],
  ['the local Azure', withInput('infra/local/part.ts'), lock, 'infra/local/part.ts'],
  ['a development tool', withInput('node_modules/fflate/esm/index.mjs'), lock, 'node_modules/fflate'],
  [
    'a package below a development tool',
    withInput('node_modules/vitest/node_modules/x/index.js'),
    { ...lock, 'node_modules/vitest/node_modules/x': { version: '1.0.0', license: 'MIT', integrity: 'sha512-AA==' } },
    'node_modules/vitest/node_modules/x',
  ],
  ['a package the lock file does not have', withInput('node_modules/never-heard-of/index.js'), lock, 'never-heard-of'],
  ['a licence nobody agreed to', metafile, { ...lock, [valibot]: { ...lock[valibot], license: 'GPL-3.0' } }, 'GPL-3.0'],
  ['no licence', metafile, { ...lock, [valibot]: { version: '1.5.0', integrity: 'sha512-AA==' } }, 'licence, none'],
])('%s in the bundle would be found', (_, planted, lockFile, named) => {
  const { faults } = bundledPackages(planted, lockFile);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(named);
});
