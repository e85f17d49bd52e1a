import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { type Unzipped, unzip } from 'fflate';

/**
 * Unzips a package into `folder`, over a copy of `below` where one is given (a publish that does not clean).
 * Rejects for anything that is no zip, is empty, or has an entry that would land outside the folder.
 */
export async function unpack(zip: Uint8Array, folder: string, below: string | null): Promise<void> {
  const files = await inflate(zip);
  const names = Object.keys(files);
  if (names.length === 0) throw new Error('the package is empty');
  const root = resolve(folder);
  const outside = names.find((name) => !`${resolve(root, name)}${sep}`.startsWith(`${root}${sep}`));
  if (outside !== undefined) throw new Error(`the package has an entry outside its folder: ${outside}`);
  mkdirSync(root, { recursive: true });
  if (below !== null) cpSync(below, root, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) {
    const path = resolve(root, name);
    if (name.endsWith('/')) {
      mkdirSync(path, { recursive: true });
    } else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
  }
}

const inflate = (zip: Uint8Array): Promise<Unzipped> =>
  new Promise((done, failed) => {
    unzip(zip, (error, files) => (error ? failed(new Error(`no valid zip: ${error.message}`)) : done(files)));
  });

/**
 * The arguments for `node` that start the app in `folder`, found as App Service for Node does: the start script of
 * package.json where it runs node, else its `main`, else a file of a usual name. Undefined: there is nothing to start.
 */
export function startArguments(folder: string): string[] | undefined {
  const { scripts, main } = packageOf(folder);
  const script = /^\s*node\s+(\S.*)$/.exec(String(scripts?.start ?? ''))?.[1];
  if (script !== undefined) return script.trim().split(/\s+/);
  const file = [main, 'server.js', 'index.js', 'app.js'].find(
    (name) => typeof name === 'string' && existsSync(join(folder, name)),
  );
  return file === undefined ? undefined : [file];
}

function packageOf(folder: string): { scripts?: Record<string, unknown>; main?: string } {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as ReturnType<typeof packageOf>;
  } catch {
    // No package.json, or a broken one: the usual names may still be there.
    return {};
  }
}
