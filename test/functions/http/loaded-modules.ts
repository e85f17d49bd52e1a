import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chunkSources, type ModuleHooks, moduleHooks } from '../module-hooks.ts';

/** What the process of the service loads of the bundle, by the source file that each chunk begins with. */
export interface LoadedModules extends ModuleHooks {
  sources(): string[];
}

/** Watches every module that a process loads. */
export function watchLoadedModules(): LoadedModules {
  const dir = mkdtempSync(join(tmpdir(), 'warmswap-loaded-'));
  const list = join(dir, 'loaded.txt');
  const { env, close } = moduleHooks(
    [
      "import { appendFileSync } from 'node:fs';",
      'export async function load(url, context, next) {',
      `  appendFileSync(${JSON.stringify(list)}, url + '\\n');`,
      '  return next(url, context);',
      '}',
    ].join('\n'),
  );
  const sourceOf = chunkSources();
  return {
    env,
    sources() {
      const urls = existsSync(list) ? readFileSync(list, 'utf8').split('\n') : [];
      const ours = urls.filter((url) => url.includes('/dist/app/')).map((url) => url.split('/').at(-1) ?? '');
      return [...new Set(ours.flatMap((file) => sourceOf.get(file) ?? []))].sort();
    },
    close() {
      close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
