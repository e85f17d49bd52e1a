import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../infra/local/root.ts';

export interface Document {
  /** From the root of the repository. */
  path: string;
  text: string;
}

/** What people read. */
export const documents: Document[] = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

export function documentAt(path: string): string {
  const found = documents.find((one) => one.path === path);
  if (found === undefined) throw new Error(`there is no ${path}`);
  return found.text;
}

/** The fenced blocks of a text; `language` is empty where the fence names none. */
export const blocksIn = (text: string): { language: string; body: string }[] =>
  [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^ *```$/gm)].map(([, indent = '', language = '', body = '']) => ({
    language,
    body: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));

/** What stands between backticks outside of blocks. */
export const codesIn = (text: string): string[] =>
  [...text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);

/** The headings of a text, as GitHub makes anchors of them. */
export const anchorsIn = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Every command of the documents: the lines of their shell blocks, and what stands in a sentence and begins like one. */
export function commandsIn({ text }: Document): string[] {
  const blocks = blocksIn(text).filter(({ language }) => language === '' || language === 'sh');
  const lines = blocks.flatMap(({ body }) => body.split('\n'));
  const inline = codesIn(text).filter((code) => /^(?:npm|azd|az) \w|^node \w/.test(code));
  return [...lines, ...inline].map((line) => line.replace(/ +#.*$/, '').trim()).filter((line) => line !== '');
}
