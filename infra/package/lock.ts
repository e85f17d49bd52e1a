/** What package-lock.json (version 3) says of one folder under node_modules. */
export interface Locked {
  name?: string;
  version?: string;
  license?: string;
  /** `<algorithm>-<base64>`, as the registry gave it. */
  integrity?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** By folder, relative to the tree; the tree itself is `''`. */
export type Lock = Readonly<Record<string, Locked>>;

/** Where Node finds a dependency of what lies in `folder`: in its own node_modules, else in those above. Null: nowhere. */
function found(lock: Lock, folder: string, name: string): string | null {
  for (let at = folder; ; ) {
    const candidate = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (lock[candidate] !== undefined) return candidate;
    if (at === '') return null;
    const up = at.lastIndexOf('/node_modules/');
    at = up < 0 ? '' : at.slice(0, up);
  }
}

/** The folders of what the package in `folder` asks for when it is deployed, those of development left out. */
export function dependenciesOf(lock: Lock, folder: string): string[] {
  const { dependencies = {}, optionalDependencies = {} } = lock[folder] ?? {};
  const names = Object.keys({ ...dependencies, ...optionalDependencies }).sort();
  return names.flatMap((name) => found(lock, folder, name) ?? []);
}

/** Every folder that a deployed app may hold something of. */
export function productionFolders(lock: Lock): Set<string> {
  const reached = new Set<string>();
  const open = dependenciesOf(lock, '');
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (reached.has(folder)) continue;
    reached.add(folder);
    open.push(...dependenciesOf(lock, folder));
  }
  return reached;
}

/** The package's name, from the folder it lies in. */
export const nameOf = (folder: string): string => folder.slice(folder.lastIndexOf('node_modules/') + 13);
