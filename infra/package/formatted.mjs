import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './bundle.mjs';

/** JSON as the formatter writes it, so that a generated file passes the same check as a written one. */
export function formatted(fileName, value) {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const input = JSON.stringify(value, null, 2);
  const { status, stdout, stderr } = spawnSync(process.execPath, [biome, 'format', `--stdin-file-path=${fileName}`], {
    cwd: root,
    input,
    encoding: 'utf8',
    maxBuffer: 10_000_000,
  });
  if (status !== 0) throw new Error(`${fileName} could not be formatted: ${stderr}`);
  return stdout;
}
