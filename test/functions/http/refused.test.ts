import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appsYaml } from '../apps-yaml.ts';
import { eventually } from '../eventually.ts';
import { type RunningService, startAlone } from '../service.ts';
import { type Attempt, bearerAttempts } from './bearer-attempts.ts';
import { type KnownRoute, knownRoutes } from './known-routes.ts';
import { type LoadedModules, watchLoadedModules } from './loaded-modules.ts';
import { headOf, type RawAnswer, rawRequest } from './raw-request.ts';
import { slackAttempts } from './slack-attempts.ts';
import { APP, click, payload, SECRET, slash, TEAM } from './slack-requests.ts';

/** Every way in that is none, at every address: answered alike, and nothing behind the door so much as loaded. */

let loaded: LoadedModules;
let service: RunningService;
/** Everything that was asked, by how it was answered. */
const answered = new Map<number, number>();

beforeAll(async () => {
  loaded = watchLoadedModules();
  service = await startAlone({
    apps: appsYaml,
    env: loaded.env,
    settings: {
      WARMSWAP_SLACK_SIGNING_SECRET: SECRET,
      WARMSWAP_SLACK_TEAM_ID: TEAM,
      WARMSWAP_SLACK_APP_ID: APP,
    },
  });
});
afterAll(async () => {
  await service.close();
  loaded.close();
});

/** Before anybody is let in: the doors, and nothing of what is behind them. */
const doors = [
  'functions/http/answer.ts',
  'functions/http/bearer-door.ts',
  'functions/http/slack-door.ts',
  'functions/invocation.ts',
  'functions/main.ts',
];

async function attempt(
  method: string,
  path: string,
  { lines, query, host, body }: Attempt,
  how: { mayClose?: boolean } = {},
): Promise<RawAnswer> {
  const target = query === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`;
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const head = headOf(method, target, host ?? new URL(service.origin).host, ...lines, ...length);
  const answer = await rawRequest(service, head, body, how);
  answered.set(answer.status, (answered.get(answer.status) ?? 0) + 1);
  return answer;
}

/** Status, body and the headers that say something of it: what must not differ. */
const seen = ({ status, headers, text }: RawAnswer): string =>
  JSON.stringify([
    status,
    text,
    ...['content-type', 'cache-control', 'www-authenticate'].map((name) => headers.get(name)),
  ]);

/** Each attempt at each address, so many at a time; what differs from what is expected is told with its name. */
async function outcomes(
  addresses: { method: string; path: string; attempts: Attempt[] }[],
): Promise<Map<string, string[]>> {
  const all = addresses.flatMap(({ attempts, ...address }) => attempts.map((one) => ({ ...address, one })));
  const found = new Map<string, string[]>();
  for (let from = 0; from < all.length; from += 24) {
    await Promise.all(
      all.slice(from, from + 24).map(async ({ method, path, one }) => {
        const answer = seen(await attempt(method, path, one));
        found.set(answer, [...(found.get(answer) ?? []), `${method} ${path}: ${one.what}`]);
      }),
    );
  }
  return found;
}

const api = ({ method, path }: KnownRoute) => ({ method, path: `/api/v1/${path}` });
const alike = (status: number, title: string, detail: string, ...www: string[]): string =>
  JSON.stringify([
    status,
    JSON.stringify({ type: 'about:blank', status, title, detail }),
    'application/problem+json',
    'no-store',
    ...(www.length > 0 ? www : [null]),
  ]);
const UNKNOWN = alike(401, 'Unauthorized', 'send a known token: Authorization: Bearer …', 'Bearer');
const LACKING = alike(
  403,
  'Forbidden',
  'this token is known, and has not the right that this takes: read, report, deploy or command',
);
const UNSIGNED = alike(401, 'Unauthorized', 'this is not signed by the Slack app that may decide here', 'Slack-v0');

test('whoever sends no token that is known is told the same, byte for byte, wherever and however they try', async () => {
  const { all, other } = service.tokens;
  const attempts = bearerAttempts(all, other);
  expect(attempts.length).toBeGreaterThanOrEqual(25);
  const found = await outcomes(knownRoutes.map((route) => ({ ...api(route), attempts })));
  expect([...found.keys()], JSON.stringify([...found].slice(1, 4))).toEqual([UNKNOWN]);
  expect(found.get(UNKNOWN)).toHaveLength(attempts.length * knownRoutes.length);
});

test('a token without the right is told the same, whatever it adds', async () => {
  const rights = ['read', 'report', 'deploy', 'command'] as const;
  const found = await outcomes(
    knownRoutes.map((route) => ({
      ...api(route),
      attempts: rights.filter((right) => right !== route.right).flatMap(lackingAttempts),
    })),
  );
  expect([...found.keys()], JSON.stringify([...found].slice(1, 4))).toEqual([LACKING]);
  expect(found.get(LACKING)).toHaveLength(knownRoutes.length * 3 * lackingAttempts('read').length);
});

/** What somebody adds who is known and may do something else. */
function lackingAttempts(right: 'read' | 'report' | 'deploy' | 'command'): Attempt[] {
  const own = `Authorization: Bearer ${service.tokens[right]}`;
  const { all } = service.tokens;
  return [
    { what: `${right} alone`, lines: [own] },
    { what: `${right}, and a second header`, lines: [own, `Authorization: Bearer ${all}`] },
    { what: `${right}, and the right token as a key`, lines: [own, `x-functions-key: ${all}`, `Cookie: token=${all}`] },
    {
      what: `${right}, and a principal`,
      lines: [own, 'x-ms-client-principal-name: ada', 'x-ms-client-principal-idp: aad'],
    },
    { what: `${right}, and another method`, lines: [own, 'X-HTTP-Method-Override: GET', 'X-Original-URL: /healthz'] },
    { what: `${right}, in the query`, lines: [own], query: `access_token=${all}&rights=command&right=read` },
    {
      what: `${right}, with a body that is no JSON`,
      lines: [own, 'Content-Type: application/json'],
      body: '{"rights":["read"',
    },
    {
      what: `${right}, with a form`,
      lines: [own, 'Content-Type: application/x-www-form-urlencoded'],
      body: `access_token=${all}`,
    },
  ];
}

test('who sends a large body is told as well: the answer is not lost with what nobody reads', async () => {
  const body = JSON.stringify({ data: 'x'.repeat(1_000_000) });
  for (const { method, path, right, mostBytes } of knownRoutes) {
    if (mostBytes === undefined) continue;
    for (const [as, status] of [
      ['other', 401],
      ['nobody', 401],
      [right === 'read' ? 'report' : 'read', 403],
    ] as const) {
      const answer = await service.ask(method, `/api/v1/${path}`, { as, body });
      answered.set(answer.status, (answered.get(answer.status) ?? 0) + 1);
      expect(answer.status).toBe(status);
    }
  }
});

test('what Slack did not sign is told the same, however it tries', async () => {
  const known = { secret: SECRET, token: service.tokens.all };
  const now = new Date();
  const bodies = {
    interactions: payload(click('https://hooks.slack.com/x')),
    commands: slash('https://hooks.slack.com/x', 'status'),
  };
  const addresses = Object.entries(bodies).map(([path, body]) => ({
    method: 'POST',
    path: `/slack/${path}`,
    attempts: slackAttempts({ ...known, body }, now),
  }));
  for (const { attempts } of addresses) expect(attempts.length).toBeGreaterThanOrEqual(25);
  const found = await outcomes(addresses);
  expect([...found.keys()], JSON.stringify([...found].slice(1, 4))).toEqual([UNSIGNED]);
});

/** The connection was closed while the rest of the head was still on its way. */
const CLOSED = 0;

test.each([
  ['a NUL', 'Authorization: Bearer a\0b', [400]],
  ['sixty-four KiB', `Authorization: Bearer ${'a'.repeat(65_536)}`, [431, CLOSED]],
])('%s in the header does not get as far as the app', async (_, line, statuses) => {
  const mayClose = statuses.includes(CLOSED);
  const answers = await Promise.all(
    knownRoutes.map((route) => attempt(route.method, api(route).path, { what: '', lines: [line] }, { mayClose })),
  );
  for (const { status } of answers) expect(statuses).toContain(status);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
});

describe('after all of that', () => {
  test('no handler was loaded, nor what it would have spoken to', () => {
    expect(loaded.sources()).toEqual(doors);
  });

  test('the log has one short line for each, and no token in it', async () => {
    const refused = (answered.get(401) ?? 0) + (answered.get(403) ?? 0);
    expect(refused).toBeGreaterThan(1_000);
    const lines = () => service.log().filter(({ function: name }) => name !== undefined);
    const told = await eventually(
      async () => lines(),
      (all) => all.length >= refused,
    );
    expect(told).toHaveLength(refused);
    for (const { level, message } of told) {
      expect(level).toBe('information');
      expect(message.length).toBeLessThan(300);
      expect(message).toMatch(
        /^\{"what":"http","trace":"[0-9a-f]{32}","span":"[0-9a-f]{16}","refused":40[13],"because":"[^"]+"\}$/,
      );
      for (const token of [...Object.values(service.tokens), SECRET]) expect(message).not.toContain(token.slice(6));
    }
  });

  test('who may is let in, and then the handler is loaded: this would have been seen', async () => {
    const host = new URL(service.origin).host;
    const lines = [`Authorization: bearer   ${service.tokens.read} \t`];
    const { status, text } = await rawRequest(service, headOf('GET', '/api/v1/lanes', host, ...lines));
    expect([status, text]).toEqual([200, expect.stringContaining('"lanes"')]);
    expect(loaded.sources()).toEqual(
      expect.arrayContaining([...doors, 'functions/http/lanes.ts', 'shared/adapters/tables/stores.ts']),
    );
  });
});
