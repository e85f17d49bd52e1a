import type { Metafile } from 'esbuild';
import { type Lock, nameOf, productionFolders } from './lock.ts';

/** A package of which something is in the bundle. */
export interface Bundled {
  folder: string;
  name: string;
  version: string;
  licence: string;
  integrity: string;
}

/** The licences a package may have to be in the bundle: they ask for their text to come along, and nothing more. */
const LICENCES = new Set(['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD']);

/** The package a file of the bundle comes from, as a folder of the tree; null: it is ours. */
export const folderOf = (input: string): string | null =>
  /^(.*node_modules\/(?:@[^/]+\/[^/]+|[^/]+))\//.exec(input)?.[1] ?? null;

/**
 * What the bundle holds, and what is wrong with that: something of the tests, the local Azure or the development tools, a package the lock
 * file does not name, a licence that was not agreed to. Sorted by folder.
 */
export function bundledPackages({ inputs }: Metafile, lock: Lock): { packages: Bundled[]; faults: string[] } {
  const faults: string[] = [];
  const deployed = productionFolders(lock);
  const folders = new Set<string>();
  for (const input of Object.keys(inputs).sort()) {
    const folder = folderOf(input);
    if (folder !== null) folders.add(folder);
    else if (!/^(?:(?:functions|shared)\/|docs\/openapi\.json$)/.test(input))
      faults.push(`${input}: is neither ours to deploy nor of a package`);
  }
  const packages = [...folders].sort().flatMap((folder): Bundled[] => {
    const { version, license, integrity } = lock[folder] ?? {};
    if (!deployed.has(folder)) faults.push(`${folder}: is no dependency of the deployed app by package-lock.json`);
    else if (version === undefined || integrity === undefined)
      faults.push(`${folder}: has no version or hash in the lock`);
    else if (license === undefined || !LICENCES.has(license))
      faults.push(`${folder}: its licence, ${license ?? 'none'}, is none of ${[...LICENCES].join(', ')}`);
    else return [{ folder, name: nameOf(folder), version, licence: license, integrity }];
    return [];
  });
  return { packages, faults };
}
