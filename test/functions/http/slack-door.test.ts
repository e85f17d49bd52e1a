import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LaneId } from '../../../shared/lane/words.ts';
import { inputIdOf } from '../../../shared/wire/ids.ts';
import { appsYaml } from '../apps-yaml.ts';
import { eventually } from '../eventually.ts';
import { problemOf } from '../problem-of.ts';
import { type Answer, type RunningService, startAlone } from '../service.ts';
import {
  type Addressee,
  APP,
  click,
  FORMER_SECRET,
  payload,
  post,
  SECRET,
  type Sending,
  slash,
  startAddressee,
  TEAM,
  value,
} from './slack-requests.ts';

let service: RunningService;
let slack: Addressee;

beforeAll(async () => {
  slack = await startAddressee();
  service = await startAlone({
    apps: appsYaml,
    settings: {
      WARMSWAP_SLACK_API_URL: slack.apiUrl,
      WARMSWAP_SLACK_SIGNING_SECRET: `${SECRET}, ${FORMER_SECRET}`,
      WARMSWAP_SLACK_TEAM_ID: TEAM,
      WARMSWAP_SLACK_APP_ID: APP,
    },
  });
});
afterAll(async () => {
  await service.close();
  await slack.close();
});

const LANE = 'shop@production' as LaneId;
const interact = (body: string, sending?: Sending): Promise<Answer> => post(service, 'interactions', body, sending);
const type = (text: string, more?: Record<string, string>, sending?: Sending): Promise<Answer> =>
  post(service, 'commands', slash(slack.responseUrl, text, more), sending);

/** Inputs that came out of the lanes' queue: what reached it, is there. */
const moved = (): string[] =>
  service.log().flatMap(({ function: name, message }) => (name === 'laneInput' ? [message] : []));

/**
 * A lane's queue keeps its order: once this was decided, so was everything sent before it. What was decided can be read a moment
 * before it is logged, so this waits for the log, which is what the tests count.
 */
async function afterAllBefore(): Promise<void> {
  for (const command of ['hold', 'release']) {
    const body = { lane: LANE, type: command, ...(command === 'hold' ? { reason: 'a test' } : {}) };
    const { body: sent } = await service.ask('POST', '/api/v1/commands', { as: 'command', body });
    const input = await eventually(
      () => service.ask('GET', String(sent?.location), { as: 'read' }),
      ({ body: now }) => now?.state !== 'pending',
    );
    expect(input.body?.state).toBe('applied');
    const id = decodeURIComponent(String(sent?.location).split('/').at(-1) ?? '');
    const logged = await eventually(
      async () => moved(),
      (lines) => lines.some((line) => line.includes(id)),
    );
    expect(logged.join('\n')).toContain(id);
  }
}

/** The same nine times over may not tell a stranger what was wrong. */
const strange = 'this is not signed by the Slack app that may decide here';

const own = () => payload(click(slack.responseUrl));
const strangers: [string, () => string, Sending][] = [
  ['a signature by another secret', own, { secret: 'another-signing-secret' }],
  ['no signature', own, { headers: { 'x-slack-signature': null } }],
  ['an empty signature', own, { headers: { 'x-slack-signature': 'v0=' } }],
  ['no time stamp', own, { headers: { 'x-slack-request-timestamp': null } }],
  ['a time stamp that is none', own, { headers: { 'x-slack-request-timestamp': 'NaN' } }],
  ['a signature that is old', own, { off: -600 }],
  ['a signature from the future', own, { off: 600 }],
  ['a body that was changed after it was signed', own, { signed: payload(click('https://hooks.slack.com/x')) }],
  ['another workspace', () => payload(click(slack.responseUrl, {}, { team: { id: 'T0OTHER' } })), {}],
  [
    'a person of another workspace',
    () => payload(click(slack.responseUrl, {}, { user: { id: 'U1', name: 'ada', team_id: 'T0OTHER' } })),
    {},
  ],
  ['another app', () => payload(click(slack.responseUrl, {}, { api_app_id: 'A0OTHER' })), {}],
  ['a body larger than Slack sends', () => payload(click(slack.responseUrl, {}, { more: 'x'.repeat(64_000) })), {}],
  ['a body far larger', () => `payload=${'x'.repeat(3_000_000)}`, {}],
];

const unreadable: [string, () => string, number, Sending][] = [
  [
    'another content type',
    () => JSON.stringify(click(slack.responseUrl)),
    415,
    { headers: { 'content-type': 'application/json' } },
  ],
  ['no content type', own, 415, { headers: { 'content-type': null } }],
  ['an empty body', () => '', 400, {}],
  ['no payload', () => 'payloads=1', 400, {}],
  ['a payload that is no JSON', () => payload('{"type":'), 400, {}],
  [
    'a payload nested deep',
    () => payload(`{"type":"block_actions","message":${'['.repeat(9_000)}${']'.repeat(9_000)}}`),
    400,
    {},
  ],
  ['a payload that is a list', () => payload('[]'), 400, {}],
  ['a payload of another kind', () => payload(click(slack.responseUrl, {}, { type: 'view_submission' })), 400, {}],
  [
    'two clicks in one',
    () => {
      const one = click(slack.responseUrl);
      return payload({ ...one, actions: [...(one.actions as object[]), ...(one.actions as object[])] });
    },
    400,
    {},
  ],
  ['no click in it', () => payload(click(slack.responseUrl, {}, { actions: [] })), 400, {}],
  ['a value that is too long', () => payload(click(slack.responseUrl, { value: 'x'.repeat(2_001) })), 400, {}],
  ['text that is no UTF-8', () => 'payload=%ff', 400, {}],
  ...[
    'http://hooks.slack.com/x',
    'https://hooks.slack.com.example/x',
    'https://ada@hooks.slack.com/x',
    'https://hooks.slack.com:8443/x',
    'http://169.254.169.254/x',
    'nowhere',
  ].map((address): [string, () => string, number, Sending] => [
    `an answer to ${address}`,
    () => payload(click(address)),
    400,
    {},
  ]),
];

const explained: [string, () => string, string][] = [
  ['an unknown action', () => payload(click(slack.responseUrl, { action_id: 'delete' })), 'this button is not known'],
  [
    'a button without a value',
    () => payload(click(slack.responseUrl, { value: undefined })),
    'this button is not known',
  ],
  ['a value that is no JSON', () => payload(click(slack.responseUrl, { value: 'x' })), 'this button is not known'],
  [
    'a value of another shape',
    () => payload(click(slack.responseUrl, { value: '{"lane":["shop"]}' })),
    'this button is not known',
  ],
  [
    'an approval that names no build',
    () => payload(click(slack.responseUrl, { action_id: 'approve', value: value({ build: null }) })),
    'this button is not known',
  ],
  [
    'a lane nobody knows',
    () => payload(click(slack.responseUrl, { value: value({ lane: 'nobody@production' }) })),
    'nobody@production is not deployed',
  ],
  [
    'a shortcut on any message',
    () => payload(shortcut('hold', { blocks: [{ block_id: 'abc' }] })),
    'not about a deployment',
  ],
  [
    'a shortcut on a message without blocks',
    () => payload(shortcut('hold', { text: 'hello' })),
    'not about a deployment',
  ],
  [
    'an unknown shortcut',
    () => payload(shortcut('delete', { blocks: [{ block_id: `deployment|${LANE}|0mk-1|81b1` }] })),
    'this shortcut is not known',
  ],
];

function shortcut(callback: string, message: object): object {
  const { actions: _, api_app_id: __, container: ___, ...rest } = click(slack.responseUrl);
  return {
    ...rest,
    type: 'message_action',
    callback_id: callback,
    message_ts: '1772442873.000100',
    action_ts: '1772442900.5',
    message,
  };
}

describe('what moves nothing', () => {
  let before: string[];
  beforeAll(() => {
    before = moved();
  });
  afterAll(async () => {
    await afterAllBefore();
    // The two commands that waited for the rest, and nothing else.
    const after = moved()
      .slice(before.length)
      .filter((line) => line.includes(LANE));
    expect(after.filter((line) => line.includes('"input"'))).toHaveLength(2);
    expect(moved().join('\n')).not.toContain('nobody@production');
    expect((await service.ask('GET', `/api/v1/lanes/${LANE}`, { as: 'read' })).body).toMatchObject({
      hold: null,
      active: null,
    });
  });

  test.each(strangers)('%s is 401, whatever else it is', async (_, body, sending) => {
    const answer = await interact(body(), sending);
    expect(problemOf(answer, 401)).toBe(strange);
    expect(answer.headers.get('www-authenticate')).toBe('Slack-v0');
  });

  test.each(strangers.slice(0, 7))('a command with %s is 401', async (_, __, sending) => {
    expect(problemOf(await type(`hold ${LANE}`, {}, sending), 401)).toBe(strange);
  });

  test.each([{ team_id: 'T0OTHER' }, { api_app_id: 'A0OTHER' }])('a command with %j is 401', async (more) => {
    expect(problemOf(await type(`hold ${LANE}`, more), 401)).toBe(strange);
  });

  test.each(unreadable)('%s is refused', async (_, body, status, sending) => {
    problemOf(await interact(body(), sending), status);
  });

  test.each<[string, Record<string, string>]>([
    ['an answer to a stranger', { response_url: 'https://hooks.example.com/x' }],
    ['no trigger', { trigger_id: '' }],
    ['a text too long', { text: 'x'.repeat(3_001) }],
  ])('a command with %s is 400', async (_, more) => {
    problemOf(await type(`hold ${LANE}`, more), 400);
  });

  test.each(explained)('%s is 200, and the person is told why nothing was done', async (_, body, why) => {
    const said = slack.told.length;
    const answer = await interact(body());
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(slack.told.slice(said)).toEqual([
      expect.objectContaining({ response_type: 'ephemeral', text: expect.stringContaining(why) }),
    ]);
  });

  test.each([
    ['', 'status [app[@environment]]'],
    ['dance', 'there is no /warmswap dance'],
    ['hold nobody', 'no app is called nobody. There is shop@production, shop@preview, desk@production'],
    ['hold shop', 'which one? shop@production, shop@preview'],
    ['hold', 'which one? shop@production, shop@preview'],
    ['approve shop@production', 'nothing waits for approval in shop@production'],
    ['rollback shop@production it is slow', 'was not deployed from here'],
    ['status <!channel>', 'no app is called &lt;!channel&gt;'],
  ])('/warmswap %s is 200, and says so to the asker alone', async (text, says) => {
    const answer = await type(text);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ response_type: 'ephemeral', text: expect.stringContaining(says) });
  });

  test.each([
    ['status', ['shop@production', 'shop@preview']],
    ['status desk', ['desk@production']],
    ['history shop@production', ['nothing was deployed from here yet']],
    ['who-is-live shop@preview', ['what production runs is not known yet']],
  ])('/warmswap %s is answered from the tables', async (text, says) => {
    const { status, body } = await type(text);
    expect(status).toBe(200);
    expect(body).toMatchObject({ response_type: 'ephemeral', blocks: expect.any(Array) });
    for (const each of says) expect(String(body?.text)).toContain(each);
  });

  test.each(['interactions', 'commands'])('GET %s is 404', async (path) => {
    expect((await fetch(`${service.origin}/slack/${path}`)).status).toBe(404);
  });
});

describe('what is asked rightly', () => {
  const stateOf = async (id: string) =>
    (
      await eventually(
        () => service.ask('GET', `/api/v1/inputs/${encodeURIComponent(id)}`, { as: 'read' }),
        ({ body }) => body?.state !== 'pending',
      )
    ).body;
  const idOf = (asked: Record<string, unknown>): string => {
    const [{ action_ts, action_id }] = asked.actions as [{ action_ts: string; action_id: string }];
    return inputIdOf(LANE, 'slack', ['1772442873.000100', action_ts, 'U0ADA', action_id].join(' '));
  };

  test('a click reaches its lane once, however often the request comes', async () => {
    const asked = click(slack.responseUrl, { action_id: 'approve' });
    const body = payload(asked);
    for (const sending of [{}, {}, { off: -200 }]) {
      const answer = await interact(body, sending);
      expect([answer.status, answer.text]).toEqual([200, '']);
    }
    const seen = await stateOf(idOf(asked));
    expect(seen).toMatchObject({ state: 'ignored', because: expect.any(String) });
    await afterAllBefore();
    expect(await stateOf(idOf(asked))).toEqual(seen);
    const decisions = moved().filter((line) => line.includes(idOf(asked)) && !line.includes('repeated'));
    expect(decisions).toHaveLength(1);
  });

  test('the former secret counts while it is being replaced', async () => {
    const asked = click(slack.responseUrl, { action_id: 'roll-back' });
    expect((await interact(payload(asked), { secret: FORMER_SECRET })).status).toBe(200);
    expect(await stateOf(idOf(asked))).toMatchObject({ state: 'ignored' });
  });

  test('a shortcut names the deployment and the build of its message', async () => {
    const blocks = [{ block_id: `deployment|${LANE}|0mkabcdef-12345678|81b13caf` }];
    const asked = shortcut('roll-back', { app_id: APP, blocks });
    expect((await interact(payload(asked))).status).toBe(200);
    const id = inputIdOf(LANE, 'slack', '1772442873.000100 1772442900.5 U0ADA shortcut roll-back');
    expect(await stateOf(id)).toMatchObject({ state: 'ignored' });
  });

  test('a typed command is taken, and the asker told so at once', async () => {
    const { status, body } = await type('hold desk stock-taking', { trigger_id: '9.9.9' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      response_type: 'ephemeral',
      text: expect.stringContaining('Asked: hold desk@production'),
    });
    const id = inputIdOf('desk@production' as LaneId, 'slack', '9.9.9');
    expect((await stateOf(id))?.state).not.toBe('pending');
  });
});

test('where Slack is not set up to decide, nobody is known', async () => {
  const plain = await startAlone({ apps: appsYaml });
  try {
    for (const path of ['interactions', 'commands'])
      expect(problemOf(await post(plain, path, own()), 401)).toBe(strange);
  } finally {
    await plain.close();
  }
});
