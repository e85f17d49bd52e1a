/**
 * Builds two folders:
 *   dist/app    the complete Functions app: one entry, one chunk per outside system, nothing of infra/local or of dev tools
 *   dist/local  the local Azure and the demo, with their libraries left in node_modules
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { version } = createRequire(import.meta.url)(join(root, 'package.json'));

/** A CommonJS dependency inside an ESM bundle still calls `require`, among others for `@azure/functions-core`, which the runtime supplies. */
const requireShim =
  "import { createRequire as warmswapCreateRequire } from 'node:module'; const require = warmswapCreateRequire(import.meta.url);";

const shared = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  absWorkingDir: root,
};

async function buildApp() {
  if (!existsSync(join(root, 'functions/main.ts'))) return;
  const out = join(root, 'dist/app');
  const result = await build({
    ...shared,
    entryPoints: { main: 'functions/main.ts' },
    outdir: out,
    splitting: true,
    minify: true,
    keepNames: true,
    metafile: true,
    chunkNames: 'chunks/[name]-[hash]',
    external: ['@azure/functions-core'],
    banner: { js: requireShim },
  });
  removeStale(out, result.metafile);
  writeFileSync(join(root, 'dist/app-meta.json'), JSON.stringify(result.metafile));
  copyFileSync(join(root, 'host.json'), join(out, 'host.json'));
  writeFileSync(
    join(out, 'package.json'),
    `${JSON.stringify({ name: 'warmswap', version, type: 'module', main: 'main.js' }, null, 2)}\n`,
  );
}

/** Every `infra/local/<part>/main.ts` becomes `dist/local/<part>.js`; `infra/local/<name>.ts` with a start of its own becomes `dist/local/<name>.js`. */
async function buildLocal() {
  const local = join(root, 'infra/local');
  const out = join(root, 'dist/local');
  mkdirSync(out, { recursive: true });
  const entryPoints = {};
  for (const entry of readdirSync(local, { withFileTypes: true })) {
    if (entry.isDirectory() && existsSync(join(local, entry.name, 'main.ts')))
      entryPoints[entry.name] = join(local, entry.name, 'main.ts');
  }
  if (existsSync(join(local, 'start.ts'))) entryPoints.start = join(local, 'start.ts');
  if (Object.keys(entryPoints).length === 0) return;
  const result = await build({
    ...shared,
    entryPoints,
    outdir: out,
    splitting: true,
    packages: 'external',
    sourcemap: true,
    metafile: true,
    chunkNames: 'chunks/[name]-[hash]',
  });
  removeStale(out, result.metafile);
}

/** Removed only afterwards: a process that was started from the folder may still load its chunks while it is built again. */
function removeStale(out, metafile) {
  const written = new Set(Object.keys(metafile.outputs).map((file) => join(root, file)));
  for (const file of readdirSync(out, { recursive: true }).map((name) => join(out, name))) {
    if (/\.(js|map)$/.test(file) && !written.has(file)) rmSync(file);
  }
}

await Promise.all([buildApp(), buildLocal()]);
