import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How everything is bundled; see build.mjs for what. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export const common = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  splitting: true,
  metafile: true,
  chunkNames: 'chunks/[name]-[hash]',
  logLevel: 'warning',
  absWorkingDir: root,
};

/** A CommonJS dependency inside an ESM bundle still calls `require`, among others for `@azure/functions-core`, which the runtime supplies. */
const requireShim =
  "import { createRequire as warmswapCreateRequire } from 'node:module'; const require = warmswapCreateRequire(import.meta.url);";

/**
 * What is deployed: nothing is left in node_modules. Not in it are the runtime's own module, and one that `debug` tries for colours and
 * does without: it is there only where the development tools are.
 */
export const deployed = {
  ...common,
  minify: true,
  keepNames: true,
  external: ['@azure/functions-core', 'supports-color'],
  banner: { js: requireShim },
};
