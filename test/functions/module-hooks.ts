import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Metafile } from 'esbuild';
import { root } from '../../infra/local/root.ts';

/** What stands between a process and the modules it loads; nothing in the product knows. */
export interface ModuleHooks {
  /** What the process must be started with. */
  env: Record<string, string>;
  close(): void;
}

/** `hooks`: the source of a module with Node's `resolve` or `load`. */
export function moduleHooks(hooks: string): ModuleHooks {
  const dir = mkdtempSync(join(tmpdir(), 'warmswap-hooks-'));
  const preload = join(dir, 'preload.mjs');
  writeFileSync(
    preload,
    `import { register } from 'node:module';\nregister(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)});\n`,
  );
  return {
    env: { NODE_OPTIONS: `--import ${pathToFileURL(preload).href}` },
    close: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** Files of the bundle, by name, with the source file that each begins with. */
export function chunkSources(): Map<string, string> {
  const { outputs } = JSON.parse(readFileSync(join(root, 'dist/app-meta.json'), 'utf8')) as Metafile;
  return new Map(
    Object.entries(outputs).flatMap(([file, { entryPoint }]) =>
      entryPoint === undefined ? [] : [[basename(file), entryPoint] as const],
    ),
  );
}
