import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of the checkout, wherever the built file that asks lies. */
export const root: string = find(dirname(fileURLToPath(import.meta.url)));

function find(dir: string): string {
  const file = join(dir, 'package.json');
  if (
    existsSync(join(dir, 'host.json')) &&
    existsSync(file) &&
    JSON.parse(readFileSync(file, 'utf8')).name === 'warmswap'
  ) {
    if (existsSync(join(dir, 'infra'))) return dir;
  }
  if (dirname(dir) === dir) throw new Error('this is not a checkout of warmswap');
  return find(dirname(dir));
}
