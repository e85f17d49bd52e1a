import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { canary } from '../../canaries.ts';
import { appsYaml } from '../apps-yaml.ts';
import { problemOf } from '../problem-of.ts';
import { type Answer, type RunningService, startAlone } from '../service.ts';
import { APP, FORMER_SECRET, post, SECRET, slash, startAddressee, TEAM } from './slack-requests.ts';

/** A secret is replaced while callers use it: for a while both are right, and then the old one is not. */

const OLD = canary('token-old');
const NEW = canary('token-new');
const settingOf = (...tokens: string[]): string => {
  const [first, ...more] = tokens.map((token) => createHash('sha256').update(token).digest('hex'));
  const rights = ['read', 'report', 'command'];
  return JSON.stringify([{ name: 'ci', sha256: more.length === 0 ? first : [first, ...more], rights }]);
};

let service: RunningService;
let slack: Awaited<ReturnType<typeof startAddressee>>;

beforeAll(async () => {
  slack = await startAddressee();
  service = await startAlone({
    apps: appsYaml,
    settings: {
      WARMSWAP_TOKENS: settingOf(OLD, NEW),
      WARMSWAP_SLACK_API_URL: slack.apiUrl,
      WARMSWAP_SLACK_SIGNING_SECRET: `${FORMER_SECRET},${SECRET}`,
      WARMSWAP_SLACK_TEAM_ID: TEAM,
      WARMSWAP_SLACK_APP_ID: APP,
    },
  });
});
afterAll(async () => {
  await service.close();
  await slack.close();
});

const marker = (token: string, version: string): Promise<Answer> =>
  service.ask('POST', '/api/v1/markers', {
    as: 'nobody',
    headers: { authorization: `Bearer ${token}` },
    body: { app: 'shop', environment: 'production', kind: 'external', version, liveAt: '2026-01-10T10:00:00Z' },
  });
const asked = (secret: string): Promise<Answer> =>
  post(service, 'commands', slash(slack.responseUrl, 'status'), { secret });

test('while a token or a secret is replaced, both count, under one name; then the old one is unknown', async () => {
  const [old, both] = [await marker(OLD, '1.0'), await marker(NEW, '1.1')];
  for (const answer of [old, both]) expect([answer.status, answer.body?.by]).toEqual([201, 'ci']);
  for (const secret of [FORMER_SECRET, SECRET]) expect((await asked(secret)).status).toBe(200);

  // Settings are read once: a change of one restarts the app.
  service.set({ WARMSWAP_TOKENS: settingOf(NEW), WARMSWAP_SLACK_SIGNING_SECRET: SECRET });
  await service.host.stop();
  await service.host.start();
  expect(problemOf(await marker(OLD, '1.2'), 401)).toContain('Bearer');
  problemOf(await asked(FORMER_SECRET), 401);
  const alone = await marker(NEW, '1.3');
  expect([alone.status, alone.body?.by]).toEqual([201, 'ci']);
  expect((await asked(SECRET)).status).toBe(200);
});
