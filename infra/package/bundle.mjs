import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

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

/**
 * What is deployed: nothing is left in node_modules. Not in it are the runtime's own module, and one that `debug` tries for colours and
 * does without: it is there only where the development tools are.
 */
const deployed = {
  ...common,
  minify: true,
  keepNames: true,
  external: ['@azure/functions-core', 'supports-color'],
};

/** A CommonJS dependency inside an ESM bundle still calls `require`, among others for `@azure/functions-core`, which the runtime supplies. */
const requireShim =
  "import { createRequire as warmswapCreateRequire } from 'node:module'; const require = warmswapCreateRequire(import.meta.url);\n";

/**
 * Bundles a Functions app. Gives the files by their path inside `outdir`, and what esbuild says of where their bytes come from; nothing is
 * written. The shim stands only where `require` is called, since making one in each of a start's files would cost more than the files.
 */
export async function bundleFunctions(main, outdir) {
  const { outputFiles, metafile } = await build({ ...deployed, entryPoints: { main }, outdir, write: false });
  const files = outputFiles.map(({ path, text }) => [
    relative(outdir, path),
    Buffer.from(/\brequire\b/.test(text) ? requireShim + text : text),
  ]);
  return { files: Object.fromEntries(files), metafile };
}
