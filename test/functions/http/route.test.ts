import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appsYaml } from '../apps-yaml.ts';
import { problemOf } from '../problem-of.ts';
import { type Answer, type Asker, type RunningService, startAlone } from '../service.ts';
import { knownRoutes } from './known-routes.ts';

let service: RunningService;

beforeAll(async () => {
  service = await startAlone({ apps: appsYaml });
});
afterAll(async () => {
  await service.close();
});

const pathOf = (path: string): string => `/api/v1/${path}`;
const withBody = knownRoutes.filter(({ mostBytes }) => mostBytes !== undefined);

/** Open to all, and let in by Slack's signature: each has a test of its own. */
const otherDoors = ['healthz', 'slackCommands', 'slackInteractions'];

test('every HTTP function that the built app registers is among the routes tested here', async () => {
  const { body } = await service.ask('GET', '/admin/functions');
  const registered = (body as unknown as { name: string; kind: string }[])
    .filter(({ kind }) => kind === 'http')
    .map(({ name }) => name);
  expect(registered.sort()).toEqual([...knownRoutes.map(({ name }) => name), ...otherDoors].sort());
});

describe.each(knownRoutes)('$method $path', ({ method, path, right }) => {
  const ask = (as: Asker, headers: Record<string, string> = {}) =>
    service.ask(method, pathOf(path), { as, headers, ...(method === 'POST' ? { body: {} } : {}) });

  test('without a token, or with one nobody knows, it is 401', async () => {
    for (const as of ['nobody', 'other'] as const) {
      const answer = await ask(as);
      expect(problemOf(answer, 401)).toContain('Bearer');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
    for (const authorization of ['', 'Bearer', 'Bearer  ', `Basic ${service.tokens.all}`, service.tokens.all])
      problemOf(await ask('nobody', { authorization }), 401);
  });

  test(`a token for anything but ${right} is 403`, async () => {
    for (const as of (['read', 'report', 'deploy', 'command'] as const).filter((other) => other !== right))
      expect(problemOf(await ask(as), 403)).toContain('has not the right');
  });

  test('a token with the right gets past the door', async () => {
    const { status } = await ask(right);
    expect([401, 403, 500, 503]).not.toContain(status);
  });
});

test.each(withBody)('$name refuses a body that is no JSON, too large, empty or no text', async (known) => {
  const { method, path, right, mostBytes = 0 } = known;
  const asked = (body: unknown, type: string | null = 'application/json') =>
    service.ask(method, pathOf(path), { as: right, body, type });
  problemOf(await asked('{}', 'text/plain'), 415);
  problemOf(await asked('a=1', 'application/x-www-form-urlencoded'), 415);
  problemOf(await asked('{}', null), 415);
  problemOf(await asked('x'.repeat(1_000_000), 'text/plain'), 415);
  for (const length of [mostBytes, 5_000_000])
    expect(problemOf(await asked(`{"a":"${'x'.repeat(length)}"}`), 413)).toContain(String(mostBytes));
  expect(problemOf(await asked(''), 400)).toContain('empty');
  problemOf(await asked(Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d])), 400);
  expect(problemOf(await asked('{"a":'), 400)).toContain('JSON');
});

test('a body that does not say how long it is, is cut off at the same size', async () => {
  const chunk = new TextEncoder().encode('x'.repeat(64_000));
  for (const { path, mostBytes = 0 } of withBody) {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent > mostBytes + 3_000_000) return controller.close();
        controller.enqueue(chunk);
        sent += chunk.length;
      },
    });
    const answer = await fetch(`${service.origin}${pathOf(path)}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.tokens.all}`, 'content-type': 'application/json' },
      body: endless,
      duplex: 'half',
    } as RequestInit);
    const text = await answer.text();
    expect(answer.status, text).toBe(413);
  }
});

test('an address that names nothing is 404, and does not tell what is missing', async () => {
  const answers: Answer[] = [];
  for (const path of [
    'dead-letters/builds/none',
    'deployments/shop@production/0mz00000a-abcdef12',
    'deployments/shop@production/anything',
    // Well-formed, and of an instant that no key is made of.
    'deployments/shop@production/500000000-a',
    'deployments/shop@production/zzzzzzzzz-a',
    'deployments/shop@production/zzzzzzzzz-a/journal',
    'inputs/nonsense',
    'inputs/shop@production~a~b',
    'deployments/shop@production/anything/journal',
    'deployments/nobody@production/x',
    'deployments/nobody@production/x/journal',
    'lanes/nobody@production',
    'lanes/__proto__',
    'markers/shop@production/none',
    'markers/nobody@production/none',
    'markers?lane=shop@production&at=2020-01-01T00:00:00Z',
  ])
    answers.push(await service.ask('GET', pathOf(path), { as: 'read' }));
  for (const path of ['error-groups/shop@production/none', 'error-groups/nobody@production/none'])
    answers.push(await service.ask('POST', pathOf(path), { as: 'command', body: { type: 'ignore' } }));
  answers.push(await service.ask('POST', pathOf('dead-letters/builds/none/replay'), { as: 'command' }));
  for (const answer of answers) problemOf(answer, 404);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
});

test('an unknown lane in a query is 422, and what is meant is told', async () => {
  for (const path of [
    'deployments?lane=nobody@production',
    'deployments',
    'error-groups?lane=__proto__',
    'markers?lane=shop',
  ])
    expect(problemOf(await service.ask('GET', pathOf(path)), 422)).toContain('lane: expected one of');
  for (const most of ['0', '201', '-1', '1.5', 'many', ''])
    expect(problemOf(await service.ask('GET', pathOf(`dead-letters?most=${most}`)), 422)).toContain('most');
});

test('an instant that is none is refused with the path', async () => {
  for (const at of ['yesterday', '2026-13-01T00:00:00Z', '1', '+275760-09-13T00:00:00Z', '0001-01-01T00:00:00Z']) {
    const answer = await service.ask('GET', pathOf(`markers?lane=shop@production&at=${encodeURIComponent(at)}`));
    expect(problemOf(answer, 400)).toContain('at:');
  }
});

test('/healthz is open and says nothing but ok', async () => {
  const answer = await service.ask('GET', '/healthz', { as: 'nobody' });
  expect([answer.status, answer.text]).toEqual([200, 'ok\n']);
});
