/**
 * Writes apps.schema.json, by which editors complete and check apps.yaml, from the schema the service itself reads it with.
 * With `--print` it is written to standard output instead.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const bundle = await build({
  entryPoints: [join(root, 'shared/wire/policy/shape.ts')],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  target: 'node20',
});
const code = Buffer.from(bundle.outputFiles[0].contents).toString('base64');
const { appsShape } = await import(`data:text/javascript;base64,${code}`);

const schema = {
  ...toJsonSchema(appsShape, { typeMode: 'input' }),
  title: 'apps.yaml of Warmswap',
};

// Through the formatter, so that a generated file passes the same check as a written one.
const formatted = spawnSync(
  process.execPath,
  [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'format', '--stdin-file-path=apps.schema.json'],
  { cwd: root, input: JSON.stringify(schema, null, 2), encoding: 'utf8' },
);
if (formatted.status !== 0) throw new Error(`the schema could not be formatted: ${formatted.stderr}`);

if (process.argv.includes('--print')) process.stdout.write(formatted.stdout);
else writeFileSync(join(root, 'apps.schema.json'), formatted.stdout);
