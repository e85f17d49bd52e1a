/**
 * Builds two folders:
 *   dist/app    the complete Functions app: one entry, one chunk per outside system, nothing of infra/local or of dev tools
 *   dist/local  the local Azure and the demo, with their libraries left in node_modules
 *   dist/operate  the commands an operator runs against the tables, likewise
 * and with `--bench` a third:
 *   dist/bench  what `npm run bench` runs, and the Functions apps it compares ours with
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { bundleApp } from './app.mjs';
import { bundleFunctions, common, root } from './bundle.mjs';

async function buildApp() {
  const out = join(root, 'dist/app');
  const { files, metafile } = await bundleApp();
  writeFiles(out, files);
  removeStale(out, metafile);
  writeFileSync(join(root, 'dist/app-meta.json'), JSON.stringify(metafile));
}

/** Every `infra/local/<part>/main.ts` becomes `dist/local/<part>.js`; `infra/local/<name>.ts` with a start of its own becomes `dist/local/<name>.js`. */
function buildLocal() {
  const local = join(root, 'infra/local');
  const entryPoints = mainsIn(local);
  if (existsSync(join(local, 'start.ts'))) entryPoints.start = join(local, 'start.ts');
  return buildTools(entryPoints, join(root, 'dist/local'));
}

/** Every `infra/operate/<name>/main.ts` becomes `dist/operate/<name>.js`. */
const buildOperate = () => buildTools(mainsIn(join(root, 'infra/operate')), join(root, 'dist/operate'));

function mainsIn(folder) {
  const entryPoints = {};
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const main = join(folder, entry.name, 'main.ts');
    if (entry.isDirectory() && existsSync(main)) entryPoints[entry.name] = main;
  }
  return entryPoints;
}

async function buildTools(entryPoints, out) {
  mkdirSync(out, { recursive: true });
  const result = await build({ ...common, entryPoints, outdir: out, packages: 'external', sourcemap: true });
  removeStale(out, result.metafile);
}

async function buildBench() {
  const bench = join(root, 'test/bench');
  const out = join(root, 'dist/bench');
  const entryPoints = { main: join(bench, 'main.ts'), 'load-sample': join(bench, 'start-up/load-sample.ts') };
  await build({ ...common, entryPoints, outdir: out, packages: 'external', sourcemap: true });
  await buildPeer(join(bench, 'start-up/empty-app.ts'), join(out, 'empty-app'));
  await buildPeer(join(bench, 'errors/one-at-a-time-app.ts'), join(out, 'one-at-a-time'));
}

/** Another Functions app, bundled as ours is. */
async function buildPeer(main, out) {
  writeFiles(out, (await bundleFunctions(main, out)).files);
  writeFileSync(join(out, 'package.json'), JSON.stringify({ type: 'module', main: 'main.js' }));
  copyFileSync(join(root, 'host.json'), join(out, 'host.json'));
}

function writeFiles(out, files) {
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(out, name)), { recursive: true });
    writeFileSync(join(out, name), contents);
  }
}

const HOUR = 60 * 60_000;

/** A process that was started from the folder loads its chunks with its first events: what it may still want is left for an hour. */
function removeStale(out, metafile) {
  const written = new Set(Object.keys(metafile.outputs).map((file) => join(root, file)));
  for (const file of readdirSync(out, { recursive: true }).map((name) => join(out, name))) {
    if (!/\.(js|map)$/.test(file) || written.has(file)) continue;
    // Somebody else may build at the same time, and remove the same.
    const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > HOUR) rmSync(file, { force: true });
  }
}

await Promise.all([
  buildApp(),
  buildLocal(),
  buildOperate(),
  ...(process.argv.includes('--bench') ? [buildBench()] : []),
]);
