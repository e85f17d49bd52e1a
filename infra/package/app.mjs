import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { deployed, root } from './bundle.mjs';

const outdir = join(root, 'dist/app');

/**
 * The complete Functions app: one entry, one chunk per outside system, nothing of infra/local or of dev tools.
 * Gives the files by their path inside the app's folder, and what esbuild says of where their bytes come from. Nothing is written, and
 * the names of the chunks do not depend on where the tree lies.
 */
export async function bundleApp() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const entryPoints = { main: 'functions/main.ts' };
  const { outputFiles, metafile } = await build({ ...deployed, entryPoints, outdir, write: false });
  const files = Object.fromEntries(outputFiles.map(({ path, contents }) => [relative(outdir, path), contents]));
  files['host.json'] = readFileSync(join(root, 'host.json'));
  const ownPackage = { name: 'warmswap', version, type: 'module', main: 'main.js' };
  files['package.json'] = Buffer.from(`${JSON.stringify(ownPackage, null, 2)}\n`);
  return { files, metafile, version };
}
