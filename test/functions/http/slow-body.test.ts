import { afterAll, beforeAll, expect, test } from 'vitest';
import { appsYaml } from '../apps-yaml.ts';
import { type RunningService, startAlone } from '../service.ts';
import { knownRoutes } from './known-routes.ts';
import { headOf, type RawAnswer, rawRequest, type SentBody } from './raw-request.ts';
import { APP, SECRET, TEAM } from './slack-requests.ts';

/** Bodies that never come to their end. Each sender says a length, and sends a part of it or one byte after the other. */

let service: RunningService;

beforeAll(async () => {
  service = await startAlone({
    apps: appsYaml,
    settings: {
      WARMSWAP_SLACK_SIGNING_SECRET: SECRET,
      WARMSWAP_SLACK_TEAM_ID: TEAM,
      WARMSWAP_SLACK_APP_ID: APP,
    },
  });
});
afterAll(() => service.close());

const sent = (path: string, lines: string[], body: SentBody): Promise<RawAnswer> =>
  rawRequest(service, headOf('POST', path, new URL(service.origin).host, 'Content-Length: 1000', ...lines), body);
const drip: SentBody = { drip: '{', everyMs: 100 };
const detailOf = ({ status, text }: RawAnswer): unknown[] => [status, (JSON.parse(text) as { detail: string }).detail];

const form = 'Content-Type: application/x-www-form-urlencoded';
const stamp = (off: number): string => `x-slack-request-timestamp: ${Math.floor(Date.now() / 1_000) + off}`;
const signature = (text: string): string => `x-slack-signature: ${text}`;
const wellFormed = `v0=${'0'.repeat(64)}`;

test('who sends nothing that Slack could have signed is told so before the body is there', async () => {
  const attempts: string[][] = [
    [],
    [stamp(0)],
    [signature(wellFormed)],
    [stamp(0), signature('v0=')],
    [stamp(0), signature(wellFormed.toUpperCase())],
    [stamp(-600), signature(wellFormed)],
    [stamp(600), signature(wellFormed)],
    ['x-slack-request-timestamp: NaN', signature(wellFormed)],
  ];
  const answers = await Promise.all(
    attempts.flatMap((lines) =>
      ['interactions', 'commands'].map((path) => sent(`/slack/${path}`, [form, ...lines], 'payload=')),
    ),
  );
  for (const answer of answers)
    expect(detailOf(answer)).toEqual([401, 'this is not signed by the Slack app that may decide here']);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
});

test('a body that does not end in time is 408 at every address that reads one, however it stays away', async () => {
  const known = `Authorization: Bearer ${service.tokens.all}`;
  const addresses = [
    ...knownRoutes
      .filter(({ mostBytes }) => mostBytes !== undefined)
      .map(({ path }) => ({ path: `/api/v1/${path}`, lines: [known, 'Content-Type: application/json'] })),
    ...['interactions', 'commands'].map((path) => ({
      path: `/slack/${path}`,
      lines: [form, stamp(0), signature(wellFormed)],
    })),
  ];
  expect(addresses.length).toBeGreaterThanOrEqual(7);
  const answers = await Promise.all(
    addresses.flatMap(({ path, lines }) => [sent(path, lines, '{'), sent(path, lines, drip)]),
  );
  for (const answer of answers)
    expect(detailOf(answer)).toEqual([408, 'the body did not arrive whole within 10 seconds; send it again']);
});
