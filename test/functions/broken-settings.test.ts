import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { appsYaml } from './apps-yaml.ts';
import { buildEvent, errorEvent, report } from './events.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { knownRoutes } from './http/known-routes.ts';
import { problemOf } from './problem-of.ts';
import { listIn, type RunningService, startAlone } from './service.ts';

let service: RunningService | undefined;

afterEach(async () => {
  await service?.close();
  service = undefined;
});

const logText = (running: RunningService): string =>
  running
    .log()
    .map(({ message }) => message)
    .join('\n');

test('with broken settings every function is registered, every route answers 503, and the log names all that is wrong without a value', async () => {
  const running = await startAlone({
    apps: appsYaml,
    settings: {
      WARMSWAP_TOKENS: '[{"name":"a","sha256":"a-value-to-hide","rights":["fly"]}]',
      WARMSWAP_STOP: 'a-value-to-hide',
      WARMSWAP_TIMING: '{"quietMs":1}',
      WARMSWAP_ARM_ENDPOINT: 'http://a-value-to-hide.example',
      WARMSWAP_MISSPELT: 'a-value-to-hide',
    },
  });
  service = running;
  const { body } = await running.ask('GET', '/admin/functions');
  const names = (body as unknown as { name: string }[]).map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([...knownRoutes.map(({ name }) => name), 'buildCompleted', 'laneInput', 'sweep', 'fold']),
  );
  for (const { method, path } of knownRoutes) {
    const answer = await running.ask(method, `/api/v1/${path}`, method === 'POST' ? { body: {} } : {});
    expect(problemOf(answer, 503)).toContain('not configured');
  }
  const health = await running.ask('GET', '/healthz', { as: 'nobody' });
  expect([health.status, health.text]).toEqual([503, 'not ok\n']);
  const log = await eventually(
    async () => logText(running),
    (text) => text.includes('WARMSWAP_MISSPELT'),
  );
  for (const name of ['TOKENS[0].sha256', 'TOKENS[0].rights[0]', 'STOP', 'TIMING', 'ARM_ENDPOINT', 'MISSPELT'])
    expect(log).toContain(`WARMSWAP_${name}`);
  expect(log).not.toContain('a-value-to-hide');
  // An app without HTTP says it by its sweep, each minute.
  await running.run('sweep');
  const isSaid = async () =>
    running.log().some(({ message }) => /"what":"sweep.*these settings are not usable/.test(message));
  expect(await eventually(isSaid, (said) => said)).toBe(true);
});

test('what is sent while the settings are broken is decided once they are mended', async () => {
  // A lock that a killed host held ends soon.
  const running = await startAlone({ apps: appsYaml, settings: { WARMSWAP_STOP: 'perhaps' }, lockSeconds: 6 });
  service = running;
  const build = buildEvent({ app: 'desk', version: '1.0' });
  await running.send('builds', build, { messageId: build.id });
  await running.send('error-reports', errorEvent([report({ version: '1.0' })], 'while-broken'));
  expect((await running.ask('GET', '/healthz')).status).toBe(503);
  await running.host.kill();
  running.set({ WARMSWAP_STOP: null });
  await running.host.start();
  const deployments = () => running.ask('GET', '/api/v1/deployments?lane=desk@production');
  const [deployment] = listIn(
    await eventually(deployments, (seen) => listIn(seen, 'deployments').length > 0, 50_000),
    'deployments',
  );
  expect(deployment).toMatchObject({ build: { version: '1.0' } });
  const groups = async () => {
    await running.run('fold');
    return listIn(await running.ask('GET', '/api/v1/error-groups?lane=shop@production'), 'errorGroups');
  };
  expect(await eventually(groups, (seen) => seen.length > 0, 50_000, 500)).toMatchObject([{ total: 1 }]);
  expect(listIn(await running.ask('GET', '/api/v1/dead-letters'), 'deadLetters')).toEqual([]);
}, 150_000);

test('tables that do not answer are 503 with a time to try again', async () => {
  const port = await freePort();
  const running = await startAlone({
    apps: appsYaml,
    settings: {
      Storage: `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${'a'.repeat(86)}==;TableEndpoint=http://127.0.0.1:${port}/devstoreaccount1;BlobEndpoint=http://127.0.0.1:${port}/devstoreaccount1;`,
    },
  });
  service = running;
  const answer = await running.ask('GET', '/api/v1/lanes', { as: 'read' });
  expect(problemOf(answer, 503)).toContain('try again');
  expect(answer.headers.get('retry-after')).toBe('5');
});

test('a broken owner’s file: nobody is let in, nothing is lost, and mending it is enough', async () => {
  const running = await startAlone({ apps: appsYaml });
  service = running;
  const lanes = () => running.ask('GET', '/api/v1/lanes', { as: 'read' });
  const send = async (version: string) => {
    const event = buildEvent({ app: 'desk', version });
    await running.send('builds', event, { messageId: event.id });
  };
  const versions = async () =>
    listIn(await running.ask('GET', '/api/v1/deployments?lane=desk@production'), 'deployments')
      .map(({ build }) => (build as { version: string }).version)
      .sort();
  const landed = (...expected: string[]) => eventually(versions, (seen) => seen.length >= expected.length);

  // Broken while it runs: what was read goes on being used.
  await send('1.0');
  expect(await landed('1.0')).toEqual(['1.0']);
  const secret = 'hunter2';
  writeFileSync(running.appsFile, `${appsYaml}  shop: { mode: ${secret}, environments: { a: {} } }\n  Bad Name: {}\n`);
  expect((await lanes()).status).toBe(200);
  await send('1.1');
  expect(await landed('1.0', '1.1')).toEqual(['1.0', '1.1']);

  // Broken at the start.
  await running.host.stop();
  await running.host.start();
  expect(problemOf(await lanes(), 503)).toContain('not configured');
  problemOf(await running.ask('POST', '/api/v1/builds', { as: 'deploy', body: buildEvent() }), 503);
  problemOf(await running.ask('GET', '/api/v1/lanes', { as: 'other' }), 401);
  expect((await running.ask('GET', '/healthz')).status).toBe(503);
  await send('1.2');
  // It is not thrown back and forth: a message has ten deliveries, and a dead-letter queue no last one.
  const thrown = async (): Promise<number> =>
    running.log().filter(({ message }) => message.includes('will come again')).length;
  expect(await eventually(thrown, (lines) => lines > 3, 4_000)).toBeLessThanOrEqual(3);
  expect(logText(running)).toContain('the apps file');
  expect(logText(running)).not.toContain(secret);
  rmSync(running.appsFile);
  expect(problemOf(await lanes(), 503)).toContain('not configured');

  // Mended: no restart is needed, and what came meanwhile is decided.
  writeFileSync(running.appsFile, appsYaml);
  expect((await eventually(lanes, ({ status }) => status === 200)).status).toBe(200);
  expect(await landed('1.0', '1.1', '1.2')).toEqual(['1.0', '1.1', '1.2']);
  expect(listIn(await running.ask('GET', '/api/v1/dead-letters'), 'deadLetters')).toEqual([]);
});
