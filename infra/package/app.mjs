import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFunctions, root } from './bundle.mjs';

/**
 * The complete Functions app: one entry, one chunk per outside system, nothing of infra/local or of dev tools. Nothing is written, and
 * the names of the chunks do not depend on where the tree lies.
 */
export async function bundleApp() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { files, metafile } = await bundleFunctions('functions/main.ts', join(root, 'dist/app'));
  files['host.json'] = readFileSync(join(root, 'host.json'));
  const ownPackage = { name: 'warmswap', version, type: 'module', main: 'main.js' };
  files['package.json'] = Buffer.from(`${JSON.stringify(ownPackage, null, 2)}\n`);
  return { files, metafile, version };
}
