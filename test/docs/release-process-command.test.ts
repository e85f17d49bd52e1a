import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { root } from '../../infra/local/root.ts';

const run = (...args: string[]) =>
  spawnSync(process.execPath, ['infra/describe/release-process.mjs', ...args], { cwd: root, encoding: 'utf8' });

test('the page of a file comes out whole, and nothing beside it', () => {
  const { status, stdout, stderr } = run('apps.example.yaml');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^<!doctype html>[\s\S]*<h2>storefront<\/h2>[\s\S]*<\/html>\n$/);
});

test.each([
  [[], 'usage:'],
  [['a.yaml', 'b.yaml'], 'usage:'],
  [['--app', 'x'], 'usage:'],
  [['none.yaml'], 'none.yaml cannot be read (ENOENT)'],
  [['package.json'], 'package.json is not usable'],
])('%j is refused in one sentence', (args, why) => {
  const { status, stdout, stderr } = run(...args);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain(why);
  expect(stderr).not.toContain('    at ');
});
