import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../infra/local/root.ts';

/** What a package is made from, besides the packages themselves. */
const OWN = [
  'functions',
  'shared',
  'infra/package',
  'docs/openapi.json',
  'host.json',
  'LICENSE',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
/** What makes it; they resolve what they need from where they really are. */
const TOOLS = ['esbuild', 'fflate'];

/**
 * The tree once more in `dir`, as far as a package is made from it: our own files, and of each package what the bundle has taken (`inputs`)
 * with its descriptions and licence. The copies have other times than the originals.
 */
export function copyTree(dir: string, inputs: string[]): void {
  const copy = (name: string): void => {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    cpSync(join(root, name), join(dir, name), { recursive: true });
  };
  for (const name of OWN) copy(name);
  const folders = new Set<string>();
  for (const input of inputs.filter((name) => name.includes('node_modules/'))) {
    copy(input);
    for (let at = dirname(input); !/node_modules(?:\/@[^/]+)?$/.test(at); at = dirname(at)) folders.add(at);
  }
  for (const folder of folders) {
    const texts = readdirSync(join(root, folder)).filter((name) => /^(?:package\.json|licen[cs]e.*)$/i.test(name));
    for (const name of texts) copy(join(folder, name));
  }
  for (const tool of TOOLS) symlinkSync(join(root, 'node_modules', tool), join(dir, 'node_modules', tool));
}
