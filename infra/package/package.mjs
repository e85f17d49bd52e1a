/**
 * `npm run package [-- --apps apps.yaml] [--out DIR]`: makes what is deployed; see package.ts for what that is. The bundle is made
 * afresh and not taken from dist/app, where chunks of earlier builds are kept for an hour.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundleApp } from './app.mjs';
import { root } from './bundle.mjs';

// A name of its own: two may run at the same time.
const outfile = join(root, `dist/package-tool-${process.pid}.cjs`);
await build({
  absWorkingDir: root,
  entryPoints: ['infra/package/package.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  logLevel: 'warning',
});
try {
  const { packageApp } = await import(pathToFileURL(outfile).href);
  await packageApp(root, bundleApp, process.argv.slice(2));
} catch (error) {
  if (error.name !== 'CannotPackage') throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(outfile, { force: true });
}
