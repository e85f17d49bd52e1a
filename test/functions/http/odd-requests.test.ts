import { afterAll, beforeAll, expect, test } from 'vitest';
import { appsYaml } from '../apps-yaml.ts';
import { type RunningService, startAlone } from '../service.ts';
import { type KnownRoute, knownRoutes } from './known-routes.ts';
import { headOf, type RawAnswer, rawRequest } from './raw-request.ts';

/** Addresses, methods and bodies that no client of ours sends. Whatever comes of them, it is no fault and tells nothing. */

let service: RunningService;
let host: string;
let lanesBefore: RawAnswer;
const known = (): string => `Authorization: Bearer ${service.tokens.all}`;

beforeAll(async () => {
  service = await startAlone({ apps: appsYaml });
  host = new URL(service.origin).host;
  lanesBefore = await lanes();
});
afterAll(() => service.close());

const lanes = (): Promise<RawAnswer> =>
  rawRequest(service, headOf('GET', '/api/v1/lanes/desk@production', host, known()));

/** Neither a fault, nor a stack, nor a file of ours. */
function harmless(answer: RawAnswer, what: string): void {
  expect(answer.status, what).toBeLessThan(500);
  expect(answer.text, what).not.toMatch(/\n\s*at |node_modules|\.[jt]s:\d|\/home\/|Error:/);
}

const ask = async (method: string, target: string, ...lines: string[]): Promise<RawAnswer> => {
  const answer = await rawRequest(service, headOf(method, target, host, ...lines));
  harmless(answer, `${method} ${target.slice(0, 200)} ${lines.join(' ').slice(0, 200)}`);
  return answer;
};

const unknown = JSON.stringify({
  type: 'about:blank',
  status: 401,
  title: 'Unauthorized',
  detail: 'send a known token: Authorization: Bearer …',
});
const absent = JSON.stringify({
  type: 'about:blank',
  status: 404,
  title: 'Not Found',
  detail: 'there is nothing here',
});

const pathOf = ({ path }: KnownRoute): string => `/api/v1/${path}`;

/** The same address, written in other ways. */
const spelt = (path: string): string[] => [
  `/${path}`,
  `//evil.example${path}`,
  `///${path}`,
  `${path.replace(/(\?|$)/, '/$1')}`,
  `${path.replace(/(\?|$)/, '//$1')}`,
  path.replace('/api/v1/', '/API/V1/'),
  path.replace('/api/v1/', '/api//v1/'),
  path.replace('/api/v1/', '/api/./v1/'),
  path.replace('/api/v1/', '/api/v1/../v1/'),
  path.replace('/api/v1/', '/api/v1/%2e%2e/v1/'),
  path.replace('/api/v1/', '/api/v1/%2e%2e%2fv1%2f'),
  path.replace('/api/v1/', '/api%2fv1%2f'),
  path.replace('/api/v1/', '/api/v1%5c'),
  path.replace('/api/v1/', '/api\\v1\\'),
  path.replace('/api/v1/', '/%61pi/v1/'),
  path.replace('/api/v1/', '/api/v1;a=b/'),
  path.replace('/api/v1/', '/healthz/../api/v1/'),
  path.replace('/api/v1/', '/healthz;/api/v1/'),
  path.replace('/api/v1/', '/admin/../api/v1/'),
  path.replace('/api/v1/', '/runtime/%2e%2e/api/v1/'),
  path.replace('/api/v1/', '/api/v1/%00'),
  path.replace('/api/v1/', '/api/v1/%ff'),
  path.replace('/api/v1/', '/api/v1/%'),
  path.replace('/api/v1/', `/api/v1/${'a/'.repeat(2_000)}`),
  path.replace('/api/v1/', `/api/v1/${'a'.repeat(6_000)}`),
  path.replace(/(\?|$)/, '.json$1'),
  path.replace(/(\?|$)/, ';jsessionid=1$1'),
  path.replace(/(\?|$)/, '%20$1'),
  path.replace(/(\?|$)/, '%0d%0aSet-Cookie:%20a=b$1'),
  `${path}#fragment`,
  `http://evil.example${path}`,
];

test('an address spelt otherwise lets nobody in, and is no fault for who may', async () => {
  const strangers: RawAnswer[] = [];
  for (const route of knownRoutes) {
    const both = await Promise.all(
      spelt(pathOf(route)).map(async (target) => {
        // As it stands, and as it is: neither a stranger's nor a known caller's may be a fault.
        const [stranger] = await Promise.all([ask(route.method, target), ask(route.method, target, known())]);
        return stranger;
      }),
    );
    strangers.push(...both);
  }
  for (const { status } of strangers) expect([400, 401, 404]).toContain(status);
  // Ours, or the platform's own, which says nothing.
  expect([...new Set(strangers.map(({ text }) => text))].sort()).toEqual(['', unknown].sort());
});

test('another method is not there, at any address', async () => {
  const methods = ['HEAD', 'OPTIONS', 'TRACE', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'];
  const paths = [...knownRoutes.map(pathOf), '/healthz', '/slack/commands', '/slack/interactions'];
  const answers = await Promise.all(
    methods.flatMap((method) => paths.flatMap((path) => [ask(method, path), ask(method, path, known())])),
  );
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['404 ']));
});

test('what is no method is not understood', async () => {
  for (const method of ['BREW', 'get', 'G ET', '', 'GET\t'])
    expect((await ask(method, '/api/v1/lanes', known())).status).toBe(400);
});

test('the platform’s own addresses are not ours', async () => {
  const targets = [
    '/admin/',
    '/admin/vfs/',
    '/admin/functions/none',
    '/runtime',
    '/runtime/webhooks/x',
    '/.well-known/x',
    '/',
  ];
  const answers = await Promise.all(targets.flatMap((target) => [ask('GET', target), ask('POST', target, known())]));
  for (const { status } of answers) expect(status).toBe(404);
});

test('a value of an address that objects have by themselves names nothing', async () => {
  for (const name of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__']) {
    for (const path of [
      `lanes/${name}`,
      `deployments/${name}/${name}`,
      `deployments/${name}/${name}/journal`,
      `deployments/shop@production/${name}`,
      `markers/${name}/${name}`,
      `markers/shop@production/${name}`,
      `dead-letters/${name}/${name}`,
      `inputs/${name}`,
    ]) {
      const answer = await ask('GET', `/api/v1/${path}`, known());
      expect([answer.status, answer.text], path).toEqual([404, absent]);
    }
    const { status, text } = await ask('GET', `/api/v1/dead-letters?source=${name}&${name}=1&${name}[a]=1`, known());
    expect([status, text]).toEqual([200, '{"deadLetters":[]}']);
    expect((await ask('GET', `/api/v1/deployments?lane=${name}`, known())).status).toBe(422);
  }
});

test('a query given twice is read once, and an odd one is no fault', async () => {
  const twice = await ask('GET', '/api/v1/deployments?lane=shop@production&lane=nobody@moon&most=1&most=x', known());
  expect([twice.status, twice.text]).toEqual([200, '{"deployments":[]}']);
  for (const query of [
    '?',
    '??',
    '?&&&',
    '?=',
    '?lane',
    '?%',
    '?%00=%00',
    '?lane=%ff',
    `?${'a=b&'.repeat(1_500)}`,
    '?lane[]=x',
  ])
    await ask('GET', `/api/v1/deployments${query}`, known());
});

const json = 'Content-Type: application/json';
const post = async (path: string, body: string, ...lines: string[]): Promise<RawAnswer> => {
  const answer = await rawRequest(service, headOf('POST', `/api/v1/${path}`, host, known(), ...lines), body);
  harmless(answer, `${path} ${lines.join(' ')} ${body.slice(0, 100)}`);
  return answer;
};
const length = (body: string, more = 0): string => `Content-Length: ${Buffer.byteLength(body) + more}`;
const withBody = knownRoutes.filter(({ mostBytes }) => mostBytes !== undefined);

test('a key that objects have by themselves is a key that is not known, and changes nothing', async () => {
  for (const { path } of withBody) {
    for (const body of [
      '{"__proto__":{"type":"release","lane":"shop@production","app":"shop"}}',
      '{"constructor":{"prototype":{"type":"release"}},"type":"release"}',
      '{"data":{"__proto__":{"app":"shop"}},"__proto__":[]}',
      '{"type":"ignore","toString":1,"valueOf":null,"hasOwnProperty":0}',
    ]) {
      const { status } = await post(path, body, json, length(body));
      expect([400, 404, 422], path).toContain(status);
    }
  }
});

test('bodies that come in other ways are read, or refused', async () => {
  const release = '{"type":"approve","lane":"shop@preview","deployment":"x","build":"y"}';
  const chunked = `5\r\n${release.slice(0, 5)}\r\n${(release.length - 5).toString(16)}\r\n${release.slice(5)}\r\n0\r\n\r\n`;
  expect((await post('commands', chunked, json, 'Transfer-Encoding: chunked')).status).toBe(202);
  expect((await post('commands', release, json, length(release), 'Expect: 100-continue')).text).toContain('"input"');
  expect((await post('commands', release, length(release))).status).toBe(415);
  expect((await post('commands', '', json)).status).toBe(400);
  expect((await post('commands', '', json, 'Content-Length: 0')).status).toBe(400);
  expect((await post('commands', release, json, length(release, -5))).status).toBe(400);
  for (const [body, ...lines] of [
    [release, length(release), length(release, 3)],
    [release, length(release), 'Transfer-Encoding: chunked'],
    [release, 'Content-Length: -1'],
    [release, 'Content-Length: 1e3'],
    [release, 'Transfer-Encoding: gzip'],
    ['zz\r\n', 'Transfer-Encoding: chunked'],
    [release, length(release), 'Expect: a miracle'],
  ] as const)
    expect([400, 417], lines.join()).toContain((await post('commands', body, json, ...lines)).status);
});

test('a GET with a body is a GET', async () => {
  const head = headOf('GET', '/api/v1/lanes/desk@production', host, known(), json, length('{"lane":"x"}'));
  const answer = await rawRequest(service, head, '{"lane":"x"}');
  expect([answer.status, answer.text]).toEqual([200, lanesBefore.text]);
});

test.each([
  ['none', []],
  ['two', ['Host: a.example', 'Host: b.example']],
  ['an empty one', ['Host: ']],
  ['one with a space', ['Host: a b']],
  ['one that is no name', ['Host: [']],
  ['one with a port that is none', ['Host: a.example:99999']],
  ['one with a path', ['Host: a.example/healthz?']],
  ['one with a user', ['Host: ada@a.example']],
])('with %s for a Host, nobody is let in and nothing breaks', async (what, lines) => {
  const stranger = await rawRequest(service, ['GET /api/v1/lanes HTTP/1.1', 'Connection: close', ...lines]);
  harmless(stranger, what);
  expect([400, 401, 404]).toContain(stranger.status);
  harmless(await rawRequest(service, ['GET /api/v1/lanes HTTP/1.1', 'Connection: close', known(), ...lines]), what);
});

test('after all of it, it answers as before, and no fault was logged', async () => {
  expect((await lanes()).text).toBe(lanesBefore.text);
  expect(service.log().filter(({ level }) => level === 'error' || level === 'unknown')).toEqual([]);
});
