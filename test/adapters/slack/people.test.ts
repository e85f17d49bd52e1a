import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type SlackConfig, startSlack } from '../../../infra/local/slack/slack.ts';
import { people } from '../../../shared/adapters/slack/people.ts';
import { type People, Unavailable } from '../../../shared/ports.ts';

const token = 'xoxb-people';
const config: SlackConfig = {
  port: 0,
  token,
  users: [
    { id: 'U0ADA', name: 'ada', email: 'Ada@shop.example' },
    { id: 'U0GRACE', name: 'grace', email: 'grace@shop.example' },
  ],
  usergroups: [
    { id: 'S0RELEASE', handle: 'release', name: 'Release managers', users: ['U0ADA'] },
    { id: 'S0SALES', handle: 'sales', name: 'Sales', users: ['U0ADA', 'U0GRACE'] },
  ],
};
/** What the manifest asks for. */
const all = ['chat:write', 'users:read', 'users:read.email', 'usergroups:read'];
const without = (...missing: string[]): string[] => all.filter((scope) => !missing.includes(scope));

type Slack = Awaited<ReturnType<typeof startSlack>>;
const running: Slack[] = [];
const slackWith = async (scopes: string[]): Promise<{ slack: Slack; port: People }> => {
  const slack = await startSlack({ ...config, scopes });
  running.push(slack);
  return { slack, port: people({ token, apiUrl: slack.addresses.api }) };
};
afterAll(() => Promise.all(running.map((slack) => slack.close())));

const groups = ['@release', '@sales'];
const authorEmails = ['grace@shop.example'];

describe('with all scopes', () => {
  let slack: Slack;
  let port: People;
  beforeAll(async () => {
    ({ slack, port } = await slackWith(all));
  });
  const fault = (method: 'POST' | 'DELETE', body?: object): Promise<Response> =>
    fetch(new URL('/_control/faults', slack.addresses.api), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  afterEach(() => fault('DELETE'));

  test('address, groups and authorship of somebody', async () => {
    expect(await port.about('U0ADA', { groups, authorEmails })).toEqual({
      email: 'Ada@shop.example',
      groups: ['@release', '@sales'],
      isAuthor: false,
    });
    expect(await port.about('U0GRACE', { groups, authorEmails })).toEqual({
      email: 'grace@shop.example',
      groups: ['@sales'],
      isAuthor: true,
    });
  });

  test('only the groups that were asked about, in whatever letters', async () => {
    expect(await port.about('U0ADA', { groups: ['@Release'], authorEmails })).toMatchObject({ groups: ['@release'] });
    expect(await port.about('U0ADA', { groups: [], authorEmails })).toMatchObject({ groups: [] });
    expect(await port.about('U0ADA', { groups: ['@nobody'], authorEmails })).toMatchObject({ groups: [] });
  });

  test('an author in other letters is the same author', async () => {
    expect(await port.about('U0ADA', { groups, authorEmails: ['ada@SHOP.example'] })).toMatchObject({ isAuthor: true });
  });

  test('where no author has an address, nobody can say who wrote it', async () => {
    expect(await port.about('U0ADA', { groups, authorEmails: [] })).toMatchObject({ isAuthor: null });
  });

  test('somebody whom Slack does not know is nobody', async () => {
    expect(await port.about('U0NOBODY', { groups, authorEmails })).toEqual({ email: null, groups: [], isAuthor: null });
  });

  test.each([
    { what: 'an outage', fault: { status: 503 } },
    { what: 'a broken connection', fault: { down: true } },
    { what: 'a request for patience', fault: { status: 429, retryAfterSeconds: 7 } },
    { what: 'an error of its own', fault: { error: 'internal_error' } },
  ])('$what in any of its questions is unavailable, never a no', async ({ fault: how }) => {
    for (const method of ['users.info', 'usergroups.list', 'usergroups.users.list', 'users.lookupByEmail']) {
      await fault('POST', { ...how, method, times: 1 });
      await expect(port.about('U0ADA', { groups, authorEmails }), method).rejects.toBeInstanceOf(Unavailable);
      await fault('DELETE');
    }
  });

  test('patience is as long as Slack asks for', async () => {
    await fault('POST', { status: 429, retryAfterSeconds: 7, method: 'users.info', times: 1 });
    const thrown = await port.about('U0ADA', { groups, authorEmails }).catch((error: unknown) => error);
    const waitMs = ((thrown as Unavailable).retryAt?.getTime() ?? 0) - Date.now();
    expect(waitMs).toBeGreaterThan(5_000);
    expect(waitMs).toBeLessThanOrEqual(7_000);
  });
});

test('without the scope for addresses nothing is known of authors: null, never no', async () => {
  const { port } = await slackWith(without('users:read.email'));
  expect(await port.about('U0ADA', { groups, authorEmails })).toEqual({
    email: null,
    groups: ['@release', '@sales'],
    isAuthor: null,
  });
  // Not even of the author.
  expect(await port.about('U0GRACE', { groups, authorEmails })).toMatchObject({ email: null, isAuthor: null });
});

test('without the scope for people, an author is still found by the address of the commit', async () => {
  const { port } = await slackWith(without('users:read'));
  expect(await port.about('U0GRACE', { groups, authorEmails })).toMatchObject({ email: null, isAuthor: true });
  expect(await port.about('U0ADA', { groups, authorEmails })).toMatchObject({ email: null, isAuthor: null });
});

test('without the scope for groups nobody is in one', async () => {
  const { port } = await slackWith(without('usergroups:read'));
  expect(await port.about('U0ADA', { groups, authorEmails })).toEqual({
    email: 'Ada@shop.example',
    groups: [],
    isAuthor: false,
  });
});

test('with a token that is not (or no longer) ours nothing is known', async () => {
  const { slack } = await slackWith(all);
  const stranger = people({ token: 'xoxb-other', apiUrl: slack.addresses.api });
  expect(await stranger.about('U0ADA', { groups, authorEmails })).toEqual({ email: null, groups: [], isAuthor: null });
});
