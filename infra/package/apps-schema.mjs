/**
 * Writes apps.schema.json, by which editors complete and check apps.yaml, from the schema the service itself reads it with.
 * With `--print` it is written to standard output instead.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import { build } from 'esbuild';
import { root } from './bundle.mjs';
import { formatted } from './formatted.mjs';

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

const text = formatted('apps.schema.json', schema);
if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(join(root, 'apps.schema.json'), text);
