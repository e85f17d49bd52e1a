import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { closeHosts, startHost } from './fixture-app.ts';

afterAll(closeHosts);

const ok = `app.http('ok', { handler: async () => ({ body: 'ok' }) });`;

describe('what is wrong is told in one sentence each', () => {
  test.each([
    [
      'no function at all',
      `console.assert(app);`,
      {},
      '0 functions found: the app in .+ registered none while it was loaded',
    ],
    ['a throw while loading', `${ok} throw new Error('no setting X');`, {}, 'could not be loaded .+ no setting X'],
    ['a name used twice', `${ok}${ok}`, {}, 'the name "ok" is already registered'],
    [
      'two functions for one route',
      `app.http('a', { route: 'x/{id}', methods: ['GET'], handler: async () => ({}) });
       app.http('b', { route: 'X/{other}', methods: ['GET', 'POST'], handler: async () => ({}) });`,
      {},
      'functions "a" and "b" both want GET /api/X/\\{other\\}',
    ],
    [
      'a reserved route',
      `app.http('a', { route: 'admin/x', handler: async () => ({}) });`,
      {},
      'function "a": the route "admin/x" is reserved',
    ],
    [
      'an unknown constraint',
      `app.http('a', { route: '{x:colour}', handler: async () => ({}) });`,
      {},
      'function "a": the route constraint "colour" is not known',
    ],
    [
      'a bad schedule',
      `app.timer('t', { schedule: '0 61 * * * *', handler: async () => {} });`,
      {},
      'function "t": its schedule "0 61 \\* \\* \\* \\*" cannot be read',
    ],
    [
      'a missing connection setting',
      `app.serviceBusQueue('q', { connection: 'Bus', queueName: 'x', handler: async () => {} });`,
      {},
      'function "q": its connection needs the app setting Bus or Bus__fullyQualifiedNamespace',
    ],
    [
      'a missing %setting%',
      `app.timer('t', { schedule: '%WHEN%', handler: async () => {} });`,
      {},
      'function "t": schedule is "%WHEN%", but there is no app setting WHEN',
    ],
    [
      'an unknown trigger',
      `app.storageBlob('b', { connection: 'S', path: 'x', handler: async () => {} });`,
      {},
      'function "b": the trigger type "blobTrigger" is not known',
    ],
    [
      'a bad name',
      `app.http('1st function', { handler: async () => ({}) });`,
      {},
      'function "1st function": a name must start with a letter',
    ],
    [
      'a bad host.json',
      ok,
      { functionTimeout: 'soon' },
      'host.json: functionTimeout is "soon", but must be a time span',
    ],
    [
      'another bad host.json',
      ok,
      { extensions: { serviceBus: { maxConcurrentSessions: 0 } } },
      'host.json: extensions.serviceBus.maxConcurrentSessions is 0, but must be a whole number from 1 on',
    ],
  ])('%s', async (_what, source, hostJson, sentence) => {
    await expect(startHost(source, hostJson)).rejects.toThrow(new RegExp(sentence, 's'));
  });

  test('all faults are named together', async () => {
    const source = `app.timer('t', { schedule: 'never', handler: async () => {} });
      app.serviceBusQueue('q', { connection: 'Bus', queueName: 'x', handler: async () => {} });`;
    await expect(startHost(source, { functionTimeout: 5 })).rejects.toThrow(/functionTimeout.+"t".+"q"/s);
  });

  test('a folder that holds no app', async () => {
    const { startFunctionsHost } = await import('../../../infra/local/functions-host/functions-host.ts');
    const dir = mkdtempSync(join(tmpdir(), 'functions-host-none-'));
    writeFileSync(join(dir, 'host.json'), '{"version":"2.0"}');
    await expect(startFunctionsHost({ appDir: dir, port: 0, env: {} })).rejects.toThrow(/no Functions app in/);
    rmSync(dir, { recursive: true });
  });
});

test('settings are the environment while the app loads, and a refused start leaves nothing behind', async () => {
  const source = `if (process.env.GIVEN !== 'early') throw new Error('not yet');
    app.timer('t', { schedule: '%GIVEN%', handler: async () => {} });`;
  await expect(startHost(source, {}, { env: { GIVEN: 'early' } })).rejects.toThrow(/"early" cannot be read/);
  expect(process.env.GIVEN).toBeUndefined();
});

test('a busy port is an EADDRINUSE and leaves nothing running', async () => {
  const host = await startHost(ok);
  const port = Number(new URL(host.service).port);
  await expect(startHost(ok, {}, { port })).rejects.toMatchObject({ code: 'EADDRINUSE', port });
});
