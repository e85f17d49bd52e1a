import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

test('apps.schema.json is what the schema says: node infra/package/apps-schema.mjs writes it', () => {
  const fresh = execFileSync(process.execPath, ['infra/package/apps-schema.mjs', '--print'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(readFileSync(`${root}/apps.schema.json`, 'utf8')).toBe(fresh);
  expect(JSON.parse(fresh)).toMatchObject({
    type: 'object',
    additionalProperties: false,
    required: ['apps'],
    properties: { apps: { type: 'object', minProperties: 1 } },
  });
});
