import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import description from '../../docs/openapi.json' with { type: 'json' };
import { root } from '../../infra/local/root.ts';
import { knownRoutes } from '../functions/http/known-routes.ts';

interface Described {
  operationId: string;
  'x-right'?: string;
  security: object[];
  responses: Record<string, object>;
  requestBody?: object;
}

const operations = Object.entries(description.paths as Record<string, Record<string, Described>>).flatMap(
  ([path, methods]) => Object.entries(methods).map(([method, described]) => ({ path, method, ...described })),
);

test('docs/openapi.json is what routes and schemas say: npm run openapi writes it', () => {
  const fresh = execFileSync(process.execPath, ['infra/describe/openapi.mjs', '--print'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(readFileSync(join(root, 'docs/openapi.json'), 'utf8')).toBe(fresh);
});

test('it is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone(description))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
  const faulty = { ...structuredClone(description), paths: { '/a': { get: { responses: { abc: {} } } } } };
  expect((await new Validator().validate(faulty)).valid).toBe(false);
});

test('every schema it names is there, and every one that is there is named', () => {
  const text = JSON.stringify(description);
  const refs = new Set([...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name));
  expect([...refs].sort()).toEqual(Object.keys(description.components.schemas).sort());
});

test('what takes a token names its right, as the routes do, and what it takes to be let in', () => {
  const bearers = operations.filter(({ security }) => JSON.stringify(security) === '[{"bearer":[]}]');
  expect(bearers.map((one) => [one.operationId, one.method, one['x-right']]).sort()).toEqual(
    knownRoutes.map(({ name, method, right }) => [name, method.toLowerCase(), right]).sort(),
  );
  for (const { operationId, responses, path } of bearers) {
    expect(Object.keys(responses), operationId).toEqual(expect.arrayContaining(['401', '403', '500', '503']));
    expect(path).toMatch(/^\/api\/v1\//);
  }
  const others = operations.filter((one) => !bearers.includes(one));
  expect(others.map(({ operationId, security }) => [operationId, security]).sort()).toEqual([
    ['healthz', []],
    ['slackCommands', [{ slackSignature: [] }]],
    ['slackInteractions', [{ slackSignature: [] }]],
  ]);
});

test('what reads a body says which, and only that', () => {
  const reading = operations
    .filter(({ requestBody }) => requestBody !== undefined)
    .map(({ operationId }) => operationId);
  const known = knownRoutes.filter(({ mostBytes }) => mostBytes !== undefined).map(({ name }) => name);
  expect(reading.sort()).toEqual([...known, 'slackCommands', 'slackInteractions'].sort());
});
