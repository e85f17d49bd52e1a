/**
 * `npm run simulate`: bundles the simulation and lives its schedules, on every core. A seed of one's own, and the path of a
 * counterexample, go to one process: `npm run simulate -- --seed 7 --path 412`.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const outfile = join(root, 'dist/simulate.mjs');
await build({
  absWorkingDir: root,
  entryPoints: ['test/simulation/simulate.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
});

const given = process.argv.slice(2);
const option = (name) => given[given.indexOf(`--${name}`) + 1];
const isAlone = given.includes('--path') || given.includes('--help');
const processes = isAlone ? 1 : availableParallelism();
const all = given.includes('--schedules') ? Number(option('schedules')) : 100_000;
const seed = given.includes('--seed') ? Number(option('seed')) : Date.now() % 1_000_000_000;

function live(share) {
  const schedules = Math.ceil(all / processes);
  const own = isAlone ? given : [...given, '--schedules', String(schedules), '--seed', String(seed + share)];
  const child = spawn(process.execPath, ['--enable-source-maps', outfile, ...own], { cwd: root, stdio: 'inherit' });
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}

const codes = await Promise.all(Array.from({ length: processes }, (_, share) => live(share)));
process.exitCode = Math.max(...codes);
