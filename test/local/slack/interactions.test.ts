import type { KnownBlock } from '@slack/web-api';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createResponseUrls } from '../../../infra/local/slack/response-urls.ts';
import { type ReceivedRequest, type ReceivingApp, receivingApp, SIGNING_SECRET, signatureOf } from './receiving-app.ts';
import { closeSlacks, type RunningSlack, runSlack } from './running-slack.ts';

let app: ReceivingApp;
let slack: RunningSlack;
beforeAll(async () => {
  app = await receivingApp();
  slack = await runSlack({
    signingSecret: SIGNING_SECRET,
    teamId: 'T0TEAM',
    appId: 'A0APP',
    interactionsUrl: app.interactionsUrl,
    commandsUrl: app.commandsUrl,
    commands: ['/ship'],
    shortcuts: [{ callbackId: 'undo', name: 'Undo it' }],
  });
});
beforeEach(() => {
  app.received = [];
  app.answer = (response) => void response.end();
});
afterAll(async () => {
  await closeSlacks();
  await app.close();
});

interface Acted {
  status: number | null;
  body: string;
  ms: number;
  failure: string | null;
  warning: string | null;
  request: { url: string; headers: Record<string, string>; body: string };
  error?: string;
}

async function act(what: 'press' | 'shortcut' | 'command', body: object): Promise<Acted> {
  return (await (await slack.control('POST', what, body)).json()) as Acted;
}

function theOne(): ReceivedRequest {
  expect(app.received).toHaveLength(1);
  const [request] = app.received;
  if (request === undefined) throw new Error('nothing was received');
  return request;
}

const buttons = (value: string): KnownBlock[] => [
  { type: 'section', block_id: 'what|1', text: { type: 'mrkdwn', text: 'Ünïcode / *stars* ~ 🚀' } },
  {
    type: 'actions',
    elements: [
      { type: 'button', text: { type: 'plain_text', text: 'Go' }, action_id: 'go', value, style: 'primary' },
      { type: 'button', text: { type: 'plain_text', text: 'See' }, action_id: 'see', url: 'https://example.com/' },
    ],
  },
];

async function posted(value = '{"a":1}'): Promise<{ channel: string; ts: string }> {
  const { channel = '', ts = '' } = await slack.client.chat.postMessage({
    channel: 'deployments',
    text: 'go?',
    blocks: buttons(value),
  });
  return { channel, ts };
}

const ephemerals = async (user?: string): Promise<{ text: string; to: string; ts: string; edits: number }[]> => {
  const answer = await slack.control('GET', `ephemeral${user ? `?user=${user}` : ''}`);
  return ((await answer.json()) as { messages: [] }).messages;
};

describe('a button', () => {
  test('is sent as a signed form, in the shape of block_actions', async () => {
    const at = await posted();
    const acted = await act('press', { ...at, action_id: 'go', user: 'ada' });
    expect(acted).toMatchObject({ status: 200, body: '', failure: null, warning: null });
    const request = theOne();
    expect(request.path).toBe('/interactions');
    expect(request.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(request.headers['x-slack-signature']).toBe(signatureOf(request));
    expect(Math.abs(Number(request.headers['x-slack-request-timestamp']) - Date.now() / 1000)).toBeLessThan(5);
    expect(request.raw.toString()).toBe(acted.request.body);
    expect([...request.form.keys()]).toEqual(['payload']);
    expect(request.payload).toMatchObject({
      type: 'block_actions',
      user: { id: 'U0ADA', username: 'ada', name: 'ada', team_id: 'T0TEAM' },
      api_app_id: 'A0APP',
      team: { id: 'T0TEAM', domain: 'local' },
      container: { type: 'message', message_ts: at.ts, channel_id: at.channel, is_ephemeral: false },
      channel: { id: at.channel, name: 'deployments' },
      message: { type: 'message', ts: at.ts, text: 'go?' },
      actions: [
        {
          type: 'button',
          action_id: 'go',
          value: '{"a":1}',
          block_id: expect.stringMatching(/^\w+$/),
          action_ts: expect.stringMatching(/^\d+\.\d{6}$/),
        },
      ],
      trigger_id: expect.stringMatching(/^\d+\.\d+\.[0-9a-f]{32}$/),
      response_url: expect.stringContaining(`${slack.page}actions/T0TEAM/`),
    });
    expect(request.payload.message?.blocks.map(({ block_id }) => block_id)).toEqual([
      'what|1',
      (request.payload.actions[0] as { block_id?: string } | undefined)?.block_id,
    ]);
  });

  test('its bytes are not those that a receiver would write again', async () => {
    await act('press', { ...(await posted()), action_id: 'go', user: 'ada' });
    const { payload, form } = theOne();
    expect(form.get('payload')).not.toBe(JSON.stringify(payload));
    expect(JSON.stringify(payload)).toContain('Ünïcode / *stars* ~ 🚀');
  });

  test('is the one on the person’s screen, while the message is the one Slack has', async () => {
    const at = await posted('first');
    await slack.client.chat.update({ ...at, text: 'went', blocks: buttons('second') });
    await slack.client.chat.update({ ...at, text: 'gone', blocks: [] });
    await act('press', { ...at, action_id: 'go', user: 'ada', seen: 0 });
    await act('press', { ...at, action_id: 'go', user: 'ada', seen: 1 });
    expect(app.received.map(({ payload }) => [payload.actions[0]?.value, payload.message?.blocks])).toEqual([
      ['first', []],
      ['second', []],
    ]);
    expect(new Set(app.received.map(({ payload }) => payload.actions[0]?.action_ts)).size).toBe(2);
    expect(await act('press', { ...at, action_id: 'go', user: 'ada' })).toEqual({
      error: 'the message has no button go',
    });
  });

  test.each([
    { what: 'a message', change: { ts: '1.000000' } },
    { what: 'a channel', change: { channel: 'nowhere' } },
    { what: 'a person', change: { user: 'eve' } },
    { what: 'a button', change: { action_id: 'stop' } },
  ])('that names $what there is not sends nothing', async ({ change }) => {
    const answer = await slack.control('POST', 'press', {
      ...(await posted()),
      action_id: 'go',
      user: 'ada',
      ...change,
    });
    expect(answer.status).toBe(400);
    expect(app.received).toEqual([]);
  });
});

describe('an app that does not answer as it should', () => {
  test.each([
    { status: 202, failure: 'http_client_error' },
    { status: 302, failure: 'http_client_error' },
    { status: 401, failure: 'http_client_error' },
    { status: 500, failure: 'http_service_error' },
  ])('$status is a warning', async ({ status, failure }) => {
    app.answer = (response) => void response.writeHead(status, { location: app.commandsUrl }).end('sorry');
    const acted = await act('press', { ...(await posted()), action_id: 'go', user: 'ada' });
    expect(acted).toMatchObject({ status, body: 'sorry', failure, warning: expect.stringContaining(String(status)) });
    theOne();
  });

  test('no answer within three seconds is operation_timeout; the request is not sent again', async () => {
    app.answer = () => undefined;
    const acted = await act('press', { ...(await posted()), action_id: 'go', user: 'ada' });
    expect(acted).toMatchObject({ status: null, failure: 'operation_timeout' });
    expect(acted.warning).toContain('operation_timeout');
    expect(acted.ms).toBeGreaterThan(2_900);
    expect(acted.ms).toBeLessThan(10_000);
    theOne();
  });

  test('a connection that is cut is dispatch_failed; Slackbot tells who typed a command', async () => {
    app.answer = (response) => void response.socket?.destroy();
    expect(await act('press', { ...(await posted()), action_id: 'go', user: 'ada' })).toMatchObject({
      failure: 'dispatch_failed',
    });
    await act('command', { user: 'grace', channel: 'deployments', command: '/ship', text: 'it' });
    expect((await ephemerals('grace')).at(-1)?.text).toBe('/ship failed with the error "dispatch_failed"');
  });

  test('an app without addresses takes no clicks', async () => {
    const bare = await runSlack();
    const { channel, ts } = await bare.client.chat.postMessage({
      channel: 'errors',
      text: 'x',
      blocks: buttons('x'),
    });
    const answer = await bare.control('POST', 'press', { channel, ts, action_id: 'go', user: 'ada' });
    expect(await answer.json()).toEqual({ error: 'This app is not configured to handle interactive responses.' });
  });
});

describe('a message shortcut', () => {
  test('is sent with the message', async () => {
    const at = await posted();
    expect(await act('shortcut', { ...at, callback_id: 'undo', user: 'grace' })).toMatchObject({ status: 200 });
    const { payload, ...request } = theOne();
    expect(request.headers['x-slack-signature']).toBe(signatureOf({ payload, ...request }));
    expect(payload).toMatchObject({
      type: 'message_action',
      callback_id: 'undo',
      user: { id: 'U0GRACE', team_id: 'T0TEAM' },
      team: { id: 'T0TEAM' },
      channel: { id: at.channel },
      message_ts: at.ts,
      message: { ts: at.ts, blocks: [{ block_id: 'what|1' }, {}] },
      response_url: expect.stringContaining('/actions/'),
    });
    expect(await act('shortcut', { ...at, callback_id: 'other', user: 'grace' })).toHaveProperty('error');
  });
});

describe('a slash command', () => {
  const typed = (text: string): Promise<Acted> =>
    act('command', { user: 'ada', channel: 'deployments', command: '/ship', text });

  test('is sent as fields, its text escaped as in messages', async () => {
    await typed(' it & <now> ');
    const { form, path, ...request } = theOne();
    expect(path).toBe('/commands');
    expect(request.headers['x-slack-signature']).toBe(signatureOf({ form, path, ...request }));
    expect(Object.fromEntries(form)).toEqual({
      token: expect.any(String),
      team_id: 'T0TEAM',
      team_domain: 'local',
      channel_id: expect.stringMatching(/^C/),
      channel_name: 'deployments',
      user_id: 'U0ADA',
      user_name: 'ada',
      command: '/ship',
      text: 'it &amp; &lt;now&gt;',
      api_app_id: 'A0APP',
      is_enterprise_install: 'false',
      response_url: expect.stringContaining(`${slack.page}commands/T0TEAM/`),
      trigger_id: expect.any(String),
    });
  });

  test.each([
    { of: 'JSON', body: JSON.stringify({ response_type: 'ephemeral', text: 'all is well' }), says: 'all is well' },
    { of: 'text', body: 'all is well, in words', says: 'all is well, in words' },
    { of: 'JSON Slack refuses', body: '{"blocks":[{"type":"section"}]}', says: expect.stringContaining('invalid_bl') },
  ])('an answer of $of is seen by who typed it alone', async ({ body, says }) => {
    const before = await slack.messages();
    app.answer = (response) => void response.end(body);
    expect(await typed('status')).toMatchObject({ status: 200, body });
    expect((await ephemerals('ada')).at(-1)?.text).toEqual(says);
    expect((await ephemerals('grace')).map(({ text }) => text)).not.toContain(says);
    expect(await slack.messages()).toEqual(before);
  });

  test('an empty answer shows nothing; one that says in_channel is for everybody', async () => {
    const before = (await ephemerals()).length;
    await typed('quietly');
    app.answer = (response) => void response.end('{"response_type":"in_channel","text":"hear hear"}');
    await typed('loudly');
    expect(await ephemerals()).toHaveLength(before);
    expect((await slack.messages('deployments')).at(-1)?.text).toBe('hear hear');
  });

  test('that no app has is answered by Slackbot', async () => {
    const acted = await act('command', { user: 'ada', channel: 'errors', command: '/dance', text: '' });
    expect(acted.error).toBe('/dance is not a valid command.');
    expect((await ephemerals('ada')).at(-1)?.text).toBe('/dance is not a valid command.');
    expect(app.received).toEqual([]);
  });
});

describe('a response_url', () => {
  const pressed = async (): Promise<{ url: string; ts: string }> => {
    const at = await posted();
    app.received = [];
    await act('press', { ...at, action_id: 'go', user: 'ada' });
    return { url: theOne().payload.response_url, ts: at.ts };
  };
  const tell = (url: string, body: object): Promise<Response> =>
    fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

  test('takes five answers for the person alone, then none', async () => {
    const { url } = await pressed();
    const statuses: number[] = [];
    for (let n = 1; n <= 6; n += 1) statuses.push((await tell(url, { text: `answer ${n}` })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    expect(await (await tell(url, { text: 'more' })).json()).toEqual({ ok: false, error: 'used_url' });
    expect((await ephemerals('ada')).slice(-5).map(({ text }) => text)).toEqual(
      [1, 2, 3, 4, 5].map((n) => `answer ${n}`),
    );
    expect(JSON.stringify(await slack.messages())).not.toContain('answer 1');
  });

  test('replaces the message that was pressed, when asked to', async () => {
    const { url, ts } = await pressed();
    expect((await tell(url, { replace_original: true, text: 'done', blocks: [] })).status).toBe(200);
    expect((await slack.messages('deployments')).find((message) => message.ts === ts)).toMatchObject({
      text: 'done',
      blocks: [],
      edits: 1,
    });
  });

  test('refuses what Slack refuses, an address nobody was given, and another method', async () => {
    const { url } = await pressed();
    expect((await tell(url, { text: '' })).status).toBe(400);
    expect((await tell(url, { blocks: [{ type: 'section' }] })).status).toBe(400);
    expect((await fetch(url)).status).toBe(400);
    expect(await (await tell(`${slack.page}actions/T0TEAM/1/made-up`, { text: 'x' })).json()).toEqual({
      ok: false,
      error: 'expired_url',
    });
  });

  test('is valid for half an hour', () => {
    let now = 0;
    const urls = createResponseUrls(
      () => 'http://slack',
      'T1',
      () => now,
    );
    const place = { kind: 'actions', channel: 'C1', user: 'U1' } as const;
    const path = urls.issue(place).slice('http://slack'.length);
    now = 30 * 60_000;
    expect(urls.use(path)).toEqual(place);
    now += 1;
    expect(urls.use(path)).toEqual({ error: 'expired_url' });
  });

  test('can be made to fail like a method', async () => {
    const { url } = await pressed();
    await slack.control('POST', 'faults', { method: 'response_url', status: 503, times: 1 });
    expect((await tell(url, { text: 'one' })).status).toBe(503);
    expect((await tell(url, { text: 'two' })).status).toBe(200);
  });
});

describe('an ephemeral message', () => {
  test('with a button is pressed by its reader alone, and the app is given no message', async () => {
    const sent = await slack.client.chat.postEphemeral({
      channel: 'deployments',
      user: 'U0ADA',
      text: 'sure?',
      blocks: buttons('sure'),
    });
    const [mine] = (await ephemerals('ada')).filter(({ ts }) => ts === sent.message_ts);
    const press = { channel: 'deployments', ts: mine?.ts, action_id: 'go' };
    expect(await act('press', { ...press, user: 'grace' })).toEqual({ error: 'there is no such message' });
    expect(await act('press', { ...press, user: 'ada' })).toMatchObject({ status: 200 });
    const { payload } = theOne();
    expect(payload).toMatchObject({
      container: { is_ephemeral: true, message_ts: mine?.ts },
      actions: [{ value: 'sure' }],
    });
    expect(payload.message).toBeUndefined();
    await fetch(payload.response_url, {
      method: 'POST',
      body: JSON.stringify({ replace_original: true, text: 'sure!' }),
    });
    expect((await ephemerals('ada')).filter(({ ts }) => ts === sent.message_ts)).toMatchObject([
      { text: 'sure!', edits: 1 },
    ]);
  });
});
