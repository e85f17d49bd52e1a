/** `npm run --silent release-process -- apps.yaml > page.html`: the release process that an owner's file describes, as a page. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../package/bundle.mjs';

const outfile = join(root, 'dist/release-process-tool.cjs');
await build({
  absWorkingDir: root,
  entryPoints: ['infra/describe/release-process.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  logLevel: 'warning',
});
const { pageOf } = await import(pathToFileURL(outfile).href);
try {
  process.stdout.write(pageOf(process.argv.slice(2)));
} catch (error) {
  if (error.name !== 'CannotPackage') throw error;
  console.error(error.message);
  process.exitCode = 1;
}
