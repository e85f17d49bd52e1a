import { posix } from 'node:path';
import { codeOf } from './code-of.ts';

export interface Import {
  /** A path from the root of the repository, or the name of a package. */
  target: string;
  /** `type`: nothing of it runs. `dynamic`: reached by `import()`. */
  how: 'type' | 'static' | 'dynamic';
}

const statement =
  /^[ \t]*(?:import|export)\s+(?<type>type\s+)?(?<clause>[\w*{}\s,$]*?)\s*from\s*['"](?<target>[^'"\n]+)['"]/gm;
const bare = /^[ \t]*import\s*['"](?<target>[^'"\n]+)['"]/gm;
const call = /(?<type>typeof\s+)?\bimport\(\s*['"](?<target>[^'"\n]+)['"]\s*\)/g;

/** All that a file imports or re-exports. */
export function importsOf(file: string, text: string): Import[] {
  const code = codeOf(text, 'kept');
  const found = (pattern: RegExp, how: (groups: Record<string, string | undefined>) => Import['how']): Import[] =>
    [...code.matchAll(pattern)].map(({ groups = {} }) => ({
      target: resolved(file, groups.target ?? ''),
      how: how(groups),
    }));
  return [
    ...found(statement, ({ type, clause = '' }) => (type !== undefined || onlyTypes(clause) ? 'type' : 'static')),
    ...found(bare, () => 'static'),
    ...found(call, ({ type }) => (type === undefined ? 'dynamic' : 'type')),
  ];
}

function onlyTypes(clause: string): boolean {
  const names = /^\{(.*)\}$/s.exec(clause.trim())?.[1]?.split(',') ?? [];
  const named = names.map((name) => name.trim()).filter((name) => name !== '');
  return named.length > 0 && named.every((name) => name.startsWith('type '));
}

function resolved(file: string, target: string): string {
  return target.startsWith('.') ? posix.join(posix.dirname(file), target) : target;
}
