import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../infra/local/root.ts';

let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'warmswap-apps-'));
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** Starts everything with this file; null: there is none. */
function startedWith(text: string | null): { code: number | null; said: string } {
  const file = join(dir, 'apps.yaml');
  if (text === null) rmSync(file, { force: true });
  else writeFileSync(file, text);
  const args = [join(root, 'dist/local/start.js'), '--port-base', '0', '--data', join(dir, 'data'), '--app', file];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 25_000 });
  expect(stdout).toBe('');
  return { code: status, said: stderr.trim() };
}

const deepYaml = `apps: ${'{ a: '.repeat(500)}1${' }'.repeat(500)}\n`;

test.each([
  ['missing', null, ['there is no file']],
  ['empty', '', ['the file is empty']],
  ['no YAML', 'apps:\n  shop: {{{\n', ['not readable as YAML']],
  [
    'wrong types',
    'apps:\n  shop: { mode: fly, environments: { production: {} } }\n  desk: 7\n',
    ['apps.shop.mode', 'apps.desk'],
  ],
  ['without apps', 'apps: {}\n', ['apps: ']],
  ['an unknown key', 'apps: { shop: { colour: red, environments: { production: {} } } }\n', ['apps.shop.colour']],
  ['nested deep', deepYaml, ['apps']],
] as const)(
  'an apps file that is %s is one sentence that names every fault, and nothing is started',
  (_, text, named) => {
    const { code, said } = startedWith(text);
    expect(code).toBe(1);
    expect(said.split('\n')).toHaveLength(1);
    expect(said).toContain('apps.yaml');
    for (const path of named) expect(said).toContain(path);
  },
);
