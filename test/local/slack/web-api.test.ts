import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Block, ErrorCode, type KnownBlock } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeSlacks, type RunningSlack, runSlack } from './running-slack.ts';

let slack: RunningSlack;
beforeAll(async () => {
  slack = await runSlack();
});
afterAll(closeSlacks);

const section = (text: string): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text } });

const plain = (text: string): { type: 'plain_text'; text: string } => ({ type: 'plain_text', text });

const confirmed = (title: string, deny: string): KnownBlock => ({
  type: 'actions',
  elements: [
    {
      type: 'button',
      text: plain('Go'),
      confirm: { title: plain(title), text: plain('Really?'), confirm: plain('Yes'), deny: plain(deny) },
    },
  ],
});

describe('what works', () => {
  test('a message is posted by channel name or id, changed by id, and answered in its thread', async () => {
    const posted = await slack.client.chat.postMessage({
      channel: '#deployments',
      text: 'one',
      blocks: [section('*one*')],
    });
    expect(posted).toMatchObject({
      ok: true,
      channel: expect.stringMatching(/^C/),
      ts: expect.stringMatching(/^\d+\.\d{6}$/),
    });
    const channel = posted.channel ?? '';
    const ts = posted.ts ?? '';
    await slack.client.chat.update({ channel, ts, text: 'two', blocks: [section('*two*')] });
    await slack.client.chat.update({ channel, ts, text: 'three' });
    const reply = await slack.client.chat.postMessage({ channel, thread_ts: ts, text: 'detail' });
    await slack.client.chat.postMessage({ channel, thread_ts: reply.ts ?? '', text: 'reply to the reply' });
    expect(await slack.messages('deployments')).toEqual([
      expect.objectContaining({ ts, text: 'three', blocks: [section('*two*')], edits: 2 }),
      expect.objectContaining({ thread_ts: ts, text: 'detail', edits: 0 }),
      expect.objectContaining({ thread_ts: ts, text: 'reply to the reply' }),
    ]);
    expect(await slack.messages(channel)).toHaveLength(3);
    expect(await slack.messages('errors')).toEqual([]);
  });

  test('an empty list takes blocks away', async () => {
    const { channel = '', ts = '' } = await slack.client.chat.postMessage({
      channel: 'errors',
      text: 'x',
      blocks: [section('x')],
    });
    await slack.client.chat.update({ channel, ts, text: 'x', blocks: [] });
    expect((await slack.messages('errors')).at(-1)).toMatchObject({ blocks: [], edits: 1 });
  });

  test('a hundred messages at once have a hundred different ts, in the order they were taken', async () => {
    const own = await runSlack();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => own.client.chat.postMessage({ channel: 'errors', text: `n${index}` })),
    );
    expect(new Set(answers.map((answer) => answer.ts)).size).toBe(100);
    const listed = (await own.messages('errors')).map((message) => Number(message.ts));
    expect(listed).toEqual(listed.toSorted((a, b) => a - b));
  });

  test('JSON works as the form does', async () => {
    const answer = await fetch(`${slack.page}api/chat.postMessage`, {
      method: 'POST',
      headers: { authorization: 'Bearer xoxb-local', 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ channel: 'errors', text: 'as json', blocks: [section('json')] }),
    });
    expect(await answer.json()).toMatchObject({
      ok: true,
      message: { type: 'message', text: 'as json', blocks: [section('json')] },
    });
  });

  test('a person is found by address, and can be written to directly', async () => {
    const found = await slack.client.users.lookupByEmail({ email: 'Ada@Example.com' });
    expect(found.user).toMatchObject({ id: 'U0ADA', name: 'ada', profile: { email: 'ada@example.com' } });
    const sent = await slack.client.chat.postMessage({ channel: 'U0ADA', text: 'hello' });
    expect(sent.channel).toMatch(/^D/);
    expect(await slack.messages('U0ADA')).toHaveLength(1);
  });

  test('auth.test tells who the token is', async () => {
    expect(await slack.client.auth.test()).toMatchObject({
      ok: true,
      user: 'bot',
      user_id: expect.stringMatching(/^U/),
    });
  });
});

describe('people', () => {
  const group = { id: 'S0TEAM', handle: 'release-team', name: 'Release team', users: ['U0ADA'] };

  test('are known by id, with their address; groups by id, with their members', async () => {
    const own = await runSlack({ teamId: 'T0TEAM', usergroups: [group] });
    expect((await own.client.users.info({ user: 'U0ADA' })).user).toMatchObject({
      id: 'U0ADA',
      team_id: 'T0TEAM',
      name: 'ada',
      real_name: 'ada',
      is_bot: false,
      profile: { email: 'ada@example.com', real_name: 'ada' },
    });
    const { user_id = '' } = await own.client.auth.test();
    expect((await own.client.users.info({ user: user_id })).user).toMatchObject({ is_bot: true });
    const { usergroups = [] } = await own.client.usergroups.list();
    expect(usergroups).toMatchObject([{ id: 'S0TEAM', handle: 'release-team', user_count: 1 }]);
    expect(usergroups[0]).not.toHaveProperty('users');
    const listed = await own.client.usergroups.list({ include_users: true });
    expect(listed.usergroups).toMatchObject([{ users: ['U0ADA'] }]);
    expect((await own.client.usergroups.users.list({ usergroup: 'S0TEAM' })).users).toEqual(['U0ADA']);
  });

  test('a token sees what its scopes allow', async () => {
    const own = await runSlack({ usergroups: [group], scopes: ['chat:write', 'users:read'] });
    const { user } = await own.client.users.info({ user: 'U0ADA' });
    expect(user?.profile).toMatchObject({ real_name: 'ada' });
    expect(user?.profile).not.toHaveProperty('email');
    const lacks = { error: 'missing_scope', provided: 'chat:write,users:read' };
    await expect(own.client.usergroups.list()).rejects.toMatchObject({
      data: { ...lacks, needed: 'usergroups:read' },
    });
    await expect(own.client.users.lookupByEmail({ email: 'ada@example.com' })).rejects.toMatchObject({
      data: { ...lacks, needed: 'users:read.email' },
    });
    await own.client.chat.postMessage({ channel: 'errors', text: 'x' });
  });
});

describe('what Slack refuses', () => {
  const long = (length: number): string => 'x'.repeat(length);
  const many = (count: number): Block[] => Array.from({ length: count }, () => ({ type: 'divider' }));
  test.each<[string, string, object]>([
    ['channel_not_found', 'chat.postMessage', { channel: 'nowhere', text: 'x' }],
    ['no_text', 'chat.postMessage', { channel: 'errors' }],
    ['no_text', 'chat.postMessage', { channel: 'errors', text: '', blocks: [] }],
    ['msg_too_long', 'chat.postMessage', { channel: 'errors', text: long(40_001) }],
    ['thread_not_found', 'chat.postMessage', { channel: 'errors', text: 'x', thread_ts: '1.000001' }],
    ['invalid_blocks_format', 'chat.postMessage', { channel: 'errors', text: 'x', blocks: 'no list' }],
    ['invalid_blocks', 'chat.postMessage', { channel: 'errors', text: 'x', blocks: many(51) }],
    ['invalid_blocks', 'chat.postMessage', { channel: 'errors', text: 'x', blocks: [section(long(3001))] }],
    ['invalid_blocks', 'chat.postMessage', { channel: 'errors', text: 'x', blocks: [section('')] }],
    ['invalid_blocks', 'chat.postMessage', { channel: 'errors', text: 'x', blocks: [{ type: 'section' }] }],
    ['invalid_blocks', 'chat.postMessage', { channel: 'errors', text: 'x', blocks: [{ type: 'carousel' }] }],
    [
      'invalid_blocks',
      'chat.postMessage',
      { channel: 'errors', text: 'x', blocks: [{ type: 'header', text: { type: 'plain_text', text: long(151) } }] },
    ],
    [
      'invalid_blocks',
      'chat.postMessage',
      { channel: 'errors', text: 'x', blocks: [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }] },
    ],
    ['invalid_blocks', 'chat.postMessage', { channel: 'errors', text: 'x', blocks: [confirmed(long(101), 'No')] }],
    ['invalid_blocks', 'chat.postMessage', { channel: 'errors', text: 'x', blocks: [confirmed('Sure?', long(31))] }],
    [
      'invalid_blocks',
      'chat.postMessage',
      { channel: 'errors', text: 'x', attachments: [{ color: '#ff0000', blocks: [{ type: 'nothing' }] }] },
    ],
    ['user_not_in_channel', 'chat.postEphemeral', { channel: 'errors', user: 'U0NOBODY', text: 'x' }],
    ['no_text', 'chat.postEphemeral', { channel: 'errors', user: 'U0ADA' }],
    ['user_not_found', 'users.info', { user: 'U0NOBODY' }],
    ['no_such_subteam', 'usergroups.users.list', { usergroup: 'S0NOBODY' }],
    ['users_not_found', 'users.lookupByEmail', { email: 'nobody@example.com' }],
    ['unknown_method', 'chat.shout', {}],
  ])('%s: %s', async (error, method, args) => {
    const before = (await slack.messages()).length;
    await expect(slack.client.apiCall(method, { ...args })).rejects.toMatchObject({
      code: ErrorCode.PlatformError,
      data: { ok: false, error },
    });
    expect(await slack.messages()).toHaveLength(before);
  });

  test('fifty blocks with full texts are taken, and a refusal says where', async () => {
    const blocks = [
      section(long(3000)),
      { type: 'header', text: { type: 'plain_text', text: long(150) } },
      ...many(48),
    ];
    await slack.client.apiCall('chat.postMessage', { channel: 'errors', text: 'x', blocks });
    await expect(
      slack.client.apiCall('chat.postMessage', { channel: 'errors', blocks: [...many(1), section(long(3001))] }),
    ).rejects.toMatchObject({
      data: { errors: ['must be less than 3001 characters [json-pointer:/blocks/1/text/text]'] },
    });
  });

  test('an update needs the channel id, an own message and a text of at most 4000', async () => {
    const { channel = '', ts = '' } = await slack.client.chat.postMessage({ channel: 'errors', text: 'x' });
    const theirs = await slack.control('POST', 'messages', { channel: 'errors', user: 'ada', text: 'mine' });
    const { ts: theirTs } = (await theirs.json()) as { ts: string };
    const update = (args: { channel: string; ts: string; text: string }): Promise<unknown> =>
      slack.client.chat.update(args);
    await expect(update({ channel: 'errors', ts, text: 'y' })).rejects.toMatchObject({
      data: { error: 'channel_not_found' },
    });
    await expect(update({ channel, ts: '1.000001', text: 'y' })).rejects.toMatchObject({
      data: { error: 'message_not_found' },
    });
    await expect(update({ channel, ts, text: long(4001) })).rejects.toMatchObject({ data: { error: 'msg_too_long' } });
    await expect(update({ channel, ts: theirTs, text: 'y' })).rejects.toMatchObject({
      data: { error: 'cant_update_message' },
    });
    expect((await slack.messages('errors')).filter((message) => message.edits > 0)).toEqual([
      expect.objectContaining({ edits: 1, text: 'x' }),
    ]);
  });

  test('no token and a wrong token', async () => {
    await expect(slack.clientWith(undefined).auth.test()).rejects.toMatchObject({ data: { error: 'not_authed' } });
    await expect(slack.clientWith('xoxb-other').auth.test()).rejects.toMatchObject({ data: { error: 'invalid_auth' } });
  });
});

describe('faults on demand', () => {
  const post = (own: RunningSlack): Promise<unknown> => own.client.chat.postMessage({ channel: 'errors', text: 'x' });

  test('each is met as often as asked, and taken away', async () => {
    const own = await runSlack();
    await own.control('POST', 'faults', { status: 429, retryAfterSeconds: 7, times: 1 });
    await own.control('POST', 'faults', { status: 500, times: 1 });
    await own.control('POST', 'faults', { error: 'internal_error', times: 1 });
    await own.control('POST', 'faults', { down: true });
    await expect(post(own)).rejects.toMatchObject({ code: ErrorCode.RateLimitedError, retryAfter: 7 });
    await expect(post(own)).rejects.toMatchObject({ code: ErrorCode.HTTPError, statusCode: 500 });
    await expect(post(own)).rejects.toMatchObject({ data: { error: 'internal_error' } });
    await expect(post(own)).rejects.toMatchObject({ code: ErrorCode.RequestError });
    await expect(post(own)).rejects.toMatchObject({ code: ErrorCode.RequestError });
    expect(await own.messages()).toEqual([]);
    await own.control('DELETE', 'faults');
    await post(own);
    expect(await own.messages()).toHaveLength(1);
  });

  test('a lost answer: done, but the caller cannot know; only for the named method', async () => {
    const own = await runSlack();
    await own.control('POST', 'faults', { lost: true, method: 'chat.postMessage', times: 1 });
    await own.client.auth.test();
    await expect(post(own)).rejects.toMatchObject({ code: ErrorCode.RequestError });
    expect(await own.messages()).toHaveLength(1);
  });

  test('the rate rule, once switched on, lets a short burst through in each channel', async () => {
    const own = await runSlack();
    await own.control('PUT', 'rate-limit', { enabled: true });
    // At once: one after the other, a busy machine might take as long as the rule grants.
    const burst = await Promise.allSettled(Array.from({ length: 12 }, () => post(own)));
    const refused = burst.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(burst.length - refused.length).toBeGreaterThanOrEqual(4);
    expect(refused[0]).toMatchObject({ code: ErrorCode.RateLimitedError, retryAfter: 1 });
    await own.client.chat.postMessage({ channel: 'deployments', text: 'another channel' });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await post(own);
    await own.control('PUT', 'rate-limit', { enabled: false });
    for (let sent = 0; sent < 6; sent += 1) await post(own);
  });
});

test('messages survive a restart, and a line cut off by a crash costs only itself', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'local-slack-'));
  const dataFile = join(dir, 'data', 'slack.jsonl');
  const first = await runSlack({ dataFile });
  const { channel = '', ts = '' } = await first.client.chat.postMessage({ channel: 'errors', text: 'before' });
  await first.client.chat.update({ channel, ts, text: 'changed' });
  await first.close();
  writeFileSync(dataFile, `${readFileSync(dataFile, 'utf8')}{"channel":"cut off`);
  const second = await runSlack({ dataFile });
  expect(await second.messages('errors')).toEqual([expect.objectContaining({ ts, text: 'changed', edits: 1 })]);
  await second.client.chat.update({ channel, ts, text: 'changed again' });
  await second.client.chat.postMessage({ channel: 'errors', text: 'after' });
  await second.close();
  const third = await runSlack({ dataFile });
  expect((await third.messages('errors')).map((message) => message.text)).toEqual(['changed again', 'after']);
  rmSync(dir, { recursive: true });
});

test('without a list of channels any name is one, also after a restart', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'local-slack-'));
  const config = { dataFile: join(dir, 'slack.jsonl') };
  const { channels: _none, ...open } = { ...config, channels: undefined };
  const first = await runSlack();
  await first.close();
  const { startSlack } = await import('../../../infra/local/slack/slack.ts');
  const start = (): ReturnType<typeof startSlack> => startSlack({ port: 0, token: 't', ...open });
  const one = await start();
  const sent = await fetch(`${one.addresses.api}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: 'Bearer t' },
    body: new URLSearchParams({ channel: '#brand-new', text: 'hello' }),
  });
  expect(await sent.json()).toMatchObject({ ok: true });
  await one.close();
  const two = await start();
  expect(await (await fetch(two.addresses.page)).text()).toContain('#brand-new');
  await two.close();
  rmSync(dir, { recursive: true });
});
