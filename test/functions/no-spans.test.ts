import { afterAll, beforeAll, expect, test } from 'vitest';
import { appsYaml } from './apps-yaml.ts';
import { buildEvent } from './events.ts';
import { eventually } from './eventually.ts';
import { chunkSources, type ModuleHooks, moduleHooks } from './module-hooks.ts';
import { listIn, type RunningService, startAlone } from './service.ts';

/** The file that makes an invocation a span cannot be loaded. */

let hooks: ModuleHooks;
let service: RunningService;

beforeAll(async () => {
  const [file] = [...chunkSources()].find(([, source]) => source === 'functions/invocation.ts') ?? [];
  if (file === undefined) throw new Error('functions/invocation.ts has no chunk of its own');
  hooks = moduleHooks(
    [
      'export async function load(url, context, next) {',
      `  if (url.endsWith(${JSON.stringify(`/${file}`)})) throw new Error('planted: it cannot be read');`,
      '  return next(url, context);',
      '}',
    ].join('\n'),
  );
  service = await startAlone({ apps: appsYaml, env: hooks.env });
});
afterAll(async () => {
  await service.close();
  hooks.close();
});

test('callers are answered, messages are handled, and the log says what is missing', async () => {
  const health = await service.ask('GET', '/healthz', { as: 'nobody' });
  expect([health.status, health.text]).toEqual([200, 'ok\n']);
  expect((await service.ask('GET', '/api/v1/lanes', { as: 'other' })).status).toBe(401);
  const body = buildEvent({ app: 'desk', version: '1.0' });
  expect((await service.ask('POST', '/api/v1/builds', { as: 'deploy', body })).status).toBe(202);
  const deployments = () => service.ask('GET', '/api/v1/deployments?lane=desk@production', { as: 'read' });
  const seen = await eventually(deployments, (answer) => listIn(answer, 'deployments').length > 0);
  expect(listIn(seen, 'deployments')).toMatchObject([{ build: { version: '1.0' } }]);

  const faults = () => service.log().filter(({ message }) => message.includes('planted: it cannot be read'));
  const told = await eventually(
    async () => faults(),
    (lines) => lines.length > 0,
  );
  expect(told[0]).toMatchObject({
    level: 'error',
    message: expect.stringMatching(/^\{"what":"span","fault":"Error: /),
  });
});
