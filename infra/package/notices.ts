import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundled } from './bundled.ts';

const isNotice = (file: string): boolean => /^(?:licen[cs]e|copying|notice)(?:\.(?:md|txt))?$/i.test(file);

/**
 * The licences of what is in the bundle, whose texts and copyright lines must come along. Each text stands once, under the names of all
 * packages that have it. `root`: the tree with node_modules.
 */
export function noticesOf(packages: readonly Bundled[], root: string): string {
  const byText = new Map<string, Set<string>>();
  for (const each of packages) {
    const text = textOf(each, join(root, each.folder));
    const names = byText.get(text) ?? new Set();
    names.add(`${each.name} ${each.version} (${each.licence})`);
    byText.set(text, names);
  }
  const sections = [...byText].map(([text, names]) => `${[...names].sort().join('\n')}\n\n${text}\n`).sort();
  const rule = `\n${'-'.repeat(80)}\n\n`;
  return ['Warmswap contains code of the following packages, under these licences.\n', ...sections].join(rule);
}

function textOf({ name, licence }: Bundled, folder: string): string {
  const files = readdirSync(folder).filter(isNotice).sort();
  if (files.length === 0) return statedOnly(name, licence, folder);
  return files.map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()).join('\n\n');
}

/** A package without a licence's text states it in package.json alone; MIT's text is short and the same for all. */
function statedOnly(name: string, licence: string, folder: string): string {
  const { author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    author?: string | { name?: string };
  };
  const holder = typeof author === 'string' ? author : author?.name;
  if (licence !== 'MIT' || holder === undefined)
    throw new Error(`${name}: has no text of its licence (${licence}); say in infra/package/notices.ts where it is`);
  return `Copyright (c) ${holder}\n\n${MIT}`;
}

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;
