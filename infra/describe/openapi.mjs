/**
 * Writes docs/openapi.json, the description of the API that the service serves, from its routes and schemas. With `--print` it is written
 * to standard output instead.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../package/bundle.mjs';
import { formatted } from '../package/formatted.mjs';

const noted = join(root, 'infra/describe/openapi/noted.ts');

/** The routes file, with what registers routes replaced and without what answers them. */
const notingRoutes = {
  name: 'noting-routes',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/(serve|scheme)\.ts$/ }, () => ({ path: noted }));
    onResolve({ filter: /.*/ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined));
  },
};

const bundle = await build({
  absWorkingDir: root,
  entryPoints: ['infra/describe/openapi/describe.ts'],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  plugins: [notingRoutes],
});
const code = Buffer.from(bundle.outputFiles[0].contents).toString('base64');
const { describe } = await import(`data:text/javascript;base64,${code}`);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const text = formatted('openapi.json', describe(version));
if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(join(root, 'docs/openapi.json'), text);
