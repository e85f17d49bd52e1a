/**
 * `npm run golden`: bundles the recorder of histories over the simulation, with a decider that can be listened to in the place of the
 * product's own, and runs it.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './bundle.mjs';

const outfile = join(root, 'dist/golden.mjs');
const listenedTo = {
  name: 'a decider that is listened to',
  setup({ onResolve }) {
    onResolve({ filter: /\/decide\.ts$/ }, ({ importer }) =>
      /shared\/use-cases\//.test(importer) ? { path: join(root, 'test/golden/recording-decide.ts') } : undefined,
    );
  },
};
await build({
  absWorkingDir: root,
  entryPoints: ['test/golden/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
  plugins: [listenedTo],
});
const ended = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = ended.status ?? 1;
