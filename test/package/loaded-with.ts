import type { Metafile } from 'esbuild';

/** A file of the bundle by what it comes from: a package by its name, ours by its path. */
export const sourceOf = (input: string): string => /.*node_modules\/(@[^/]+\/[^/]+|[^/]+)\//.exec(input)?.[1] ?? input;

/** The packages and own files that are loaded with a file of the bundle, before anything is asked for by `import()`. */
export function loadedWith(
  { outputs }: Pick<Metafile, 'outputs'>,
  file: string,
  seen = new Set<string>(),
): Set<string> {
  const output = outputs[file];
  if (output === undefined || seen.has(file)) return new Set();
  seen.add(file);
  const others = output.imports.filter(({ kind, external }) => kind !== 'dynamic-import' && external !== true);
  return new Set([
    ...Object.keys(output.inputs).map(sourceOf),
    ...others.flatMap(({ path }) => [...loadedWith({ outputs }, path, seen)]),
  ]);
}
