import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Metafile } from 'esbuild';
import { root } from '../../../infra/local/root.ts';

/** What the process of the service loads of the bundle, by the source file that each chunk begins with. */
export interface LoadedModules {
  /** What the process must be started with. */
  env: Record<string, string>;
  sources(): string[];
  close(): void;
}

/** Watches every module that a process loads, from outside of it: nothing in the product knows. */
export function watchLoadedModules(): LoadedModules {
  const dir = mkdtempSync(join(tmpdir(), 'warmswap-loaded-'));
  const list = join(dir, 'loaded.txt');
  const hooks = [
    "import { appendFileSync } from 'node:fs';",
    'export async function load(url, context, next) {',
    `  appendFileSync(${JSON.stringify(list)}, url + '\\n');`,
    '  return next(url, context);',
    '}',
  ].join('\n');
  const preload = join(dir, 'preload.mjs');
  writeFileSync(
    preload,
    `import { register } from 'node:module';\nregister(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)});\n`,
  );
  const { outputs } = JSON.parse(readFileSync(join(root, 'dist/app-meta.json'), 'utf8')) as Metafile;
  const sourceOf = new Map(
    Object.entries(outputs).flatMap(([file, { entryPoint }]) =>
      entryPoint === undefined ? [] : [[basename(file), entryPoint] as const],
    ),
  );
  return {
    env: { NODE_OPTIONS: `--import ${pathToFileURL(preload).href}` },
    sources() {
      const urls = existsSync(list) ? readFileSync(list, 'utf8').split('\n') : [];
      const ours = urls.filter((url) => url.includes('/dist/app/')).map((url) => url.split('/').at(-1) ?? '');
      return [...new Set(ours.flatMap((file) => sourceOf.get(file) ?? []))].sort();
    },
    close: () => rmSync(dir, { recursive: true, force: true }),
  };
}
