import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appsYaml } from '../apps-yaml.ts';
import { buildEvent, errorEvent, report } from '../events.ts';
import { eventually } from '../eventually.ts';
import { problemOf } from '../problem-of.ts';
import { type Answer, listIn, type RunningService, startAlone } from '../service.ts';

let service: RunningService;

beforeAll(async () => {
  service = await startAlone({ apps: appsYaml });
});
afterAll(async () => {
  await service.close();
});

const get = (path: string): Promise<Answer> => service.ask('GET', `/api/v1/${path}`, { as: 'read' });

/** The input an answer tells of, once it was decided. */
async function decided(answer: Answer): Promise<Record<string, unknown>> {
  expect(answer.status, answer.text).toBe(202);
  const location = answer.headers.get('location') ?? '';
  expect(answer.body).toEqual({ input: decodeURIComponent(location.split('/').at(-1) ?? ''), location });
  const input = await eventually(
    () => service.ask('GET', location, { as: 'read' }),
    ({ body }) => body?.state !== 'pending',
  );
  expect(input.status).toBe(200);
  return input.body ?? {};
}

test('a build is accepted, decided, and read back as a deployment with its journal', async () => {
  const event = buildEvent({ app: 'desk', version: '2.0.0', number: 7 });
  const post = () => service.ask('POST', '/api/v1/builds', { as: 'deploy', body: event });
  const input = await decided(await post());
  expect(input).toMatchObject({ state: 'applied', because: expect.stringContaining('would stage 2.0.0') });
  const id = String(input.deployment);

  const one = await get(`deployments/desk@production/${id}`);
  expect(one.body).toMatchObject({
    id,
    lane: 'desk@production',
    outcome: 'observed',
    build: { version: '2.0.0', number: 7 },
  });
  const all = await get('deployments?lane=desk@production');
  expect(all.body).toEqual({ deployments: [one.body] });
  const journal = await get(`deployments/desk@production/${id}/journal`);
  expect(journal.body?.journal).toEqual([
    expect.objectContaining({ input: input.id, deployment: id, told: expect.stringContaining('2.0.0') }),
  ]);

  // The same event again is the same input, and no second deployment.
  expect(await decided(await post())).toEqual(input);
  expect((await get('deployments?lane=desk@production')).body).toEqual(all.body);
});

test('a build that was not built is answered with why nothing is done', async () => {
  const event = buildEvent();
  const body = { ...event, data: { ...event.data, status: 'failed' } };
  const answer = await service.ask('POST', '/api/v1/builds', { as: 'deploy', body });
  expect([answer.status, answer.body]).toEqual([200, { ignored: 'the build failed: there is nothing to deploy' }]);
});

test('an input that never came is pending; a command that does not apply is ignored with its reason', async () => {
  const never = await get('inputs/shop@production~0123456789');
  expect(never.body).toMatchObject({ state: 'pending', because: null, deployment: null });
  const body = { type: 'approve', lane: 'shop@preview', deployment: 'x', build: 'y' };
  const answer = await service.ask('POST', '/api/v1/commands', { as: 'command', body });
  expect(await decided(answer)).toMatchObject({ state: 'ignored', because: 'nothing waits for approval' });
});

test.each(['500000000-a', 'zzzzzzzzz-a'])(
  'a command about %s, which no deployment is called, is ignored',
  async (id) => {
    const body = { type: 'retry', lane: 'shop@preview', deployment: id, sawLive: null };
    const answer = await service.ask('POST', '/api/v1/commands', { as: 'command', body });
    const because = `there is no deployment ${id} in shop@preview`;
    expect(await decided(answer)).toMatchObject({ state: 'ignored', because });
  },
);

test('hold and release change what the lane says of itself, under the name of the token', async () => {
  const command = (more: object) =>
    service.ask('POST', '/api/v1/commands', { as: 'command', body: { lane: 'shop@preview', ...more } });
  const held = await decided(await command({ type: 'hold', reason: 'a look at the database', id: 'hold-1' }));
  expect(held.state).toBe('applied');
  const lane = await get('lanes/shop@preview');
  expect(lane.body).toMatchObject({
    hold: { by: 'may command', because: expect.stringContaining('a look at the database') },
  });
  const lanes = listIn(await get('lanes'), 'lanes');
  expect(lanes.find(({ id }) => id === 'shop@preview')).toEqual(lane.body);

  await decided(await command({ type: 'release' }));
  expect((await get('lanes/shop@preview')).body).toMatchObject({ hold: null });
  // The sender's own id makes the command one, however often it is sent: the lane is not held again.
  expect(await decided(await command({ type: 'hold', reason: 'a look at the database', id: 'hold-1' }))).toEqual(held);
  expect((await get('lanes/shop@preview')).body).toMatchObject({ hold: null });
});

test('markers are put, listed, read one by one, and found by the instant', async () => {
  const put = (version: string, liveAt: string) =>
    service.ask('POST', '/api/v1/markers', {
      as: 'report',
      body: { app: 'shop', environment: 'preview', kind: 'deploy', version, liveAt, text: 'by hand' },
    });
  const first = await put('1.0', '2026-01-10T10:00:00Z');
  const second = await put('1.1', '2026-01-10T12:00:00Z');
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.body).toMatchObject({ lane: 'shop@preview', version: '1.1', by: 'may report', text: 'by hand' });
  expect((await service.ask('GET', second.headers.get('location') ?? '', { as: 'read' })).body).toEqual(second.body);
  expect((await put('1.1', '2026-01-10T12:00:00Z')).body).toEqual(second.body);
  expect((await get('markers?lane=shop@preview')).body).toEqual({ markers: [second.body, first.body] });
  expect((await get('markers?lane=shop@preview&most=1')).body).toEqual({ markers: [second.body] });

  const at = (instant: string) => get(`markers?lane=shop@preview&at=${encodeURIComponent(instant)}`);
  problemOf(await at('2026-01-10T09:59:59Z'), 404);
  expect((await at('2026-01-10T10:00:00Z')).body).toEqual(first.body);
  expect((await at('2026-01-10T12:59:59+01:00')).body).toEqual(first.body);
  expect((await at('2026-01-10T12:00:00Z')).body).toEqual(second.body);
});

test('error reports are counted, and their group is resolved, ignored and reopened by a person', async () => {
  const fingerprint = '0123456789abcdef';
  const unresolved = await service.ask('POST', `/api/v1/error-groups/shop@production/${fingerprint}`, {
    body: { type: 'resolve' },
  });
  expect(problemOf(unresolved, 422)).toContain('in:');
  const marker = {
    app: 'shop',
    environment: 'production',
    kind: 'external',
    version: '1.0.0',
    liveAt: '2026-01-10T10:00:00Z',
  };
  await service.ask('POST', '/api/v1/markers', { as: 'report', body: marker });
  const event = errorEvent([report({ count: 3 }), report(), report({ app: 'nobody' }), { nonsense: true }]);
  const post = () => service.ask('POST', '/api/v1/errors', { as: 'report', body: event });
  expect((await post()).body).toEqual({
    reports: 3,
    deadLetters: 1,
    refused: [expect.stringMatching(/^data\[3\]: app: is missing/)],
  });
  // Sent again, as after a lost answer: nothing is counted twice.
  expect((await post()).status).toBe(202);
  await service.run('fold');
  const groups = () => get('error-groups?lane=shop@production');
  const counted = await eventually(groups, (answer) => listIn(answer, 'errorGroups').length > 0);
  const [group] = listIn(counted, 'errorGroups');
  expect(listIn(counted, 'errorGroups')).toHaveLength(1);
  expect(group).toMatchObject({ lane: 'shop@production', total: 4, countByVersion: { '1.0.0': 4 }, state: 'new' });

  const change = (more: object) =>
    service.ask('POST', `/api/v1/error-groups/shop@production/${String(group?.fingerprint)}`, {
      as: 'command',
      body: more,
    });
  expect((await change({ type: 'resolve' })).body).toMatchObject({ resolvedIn: '1.0.0' });
  expect((await change({ type: 'resolve', in: '1.0.1' })).body).toMatchObject({
    state: 'resolved',
    resolvedIn: '1.0.1',
  });
  expect((await change({ type: 'ignore' })).body).toMatchObject({ state: 'ignored' });
  expect((await change({ type: 'reopen' })).body).toMatchObject({ ignored: false });
  problemOf(
    await service.ask('POST', `/api/v1/error-groups/shop@production/${randomUUID()}`, { body: { type: 'ignore' } }),
    404,
  );
});

test('a dead letter is listed, read whole, and sent again', async () => {
  await service.send('builds', '{"cut');
  const listed = await eventually(
    () => get('dead-letters?source=builds'),
    (answer) => listIn(answer, 'deadLetters').length > 0,
  );
  const [letter] = listIn(listed, 'deadLetters');
  expect(letter).toMatchObject({
    source: 'builds',
    reason: expect.stringContaining('not JSON'),
    characters: 5,
    replays: 0,
  });
  expect(letter).not.toHaveProperty('raw');
  expect((await get(`dead-letters/builds/${String(letter?.id)}`)).body).toEqual({ ...letter, raw: '{"cut' });
  const replay = `/api/v1/dead-letters/builds/${String(letter?.id)}/replay`;
  const answer = await service.ask('POST', replay, { as: 'command' });
  expect([answer.status, answer.body]).toEqual([202, { replayed: 1 }]);
  expect((await get(`dead-letters/builds/${String(letter?.id)}`)).body).toMatchObject({
    replays: 1,
    replayedAt: expect.any(String),
  });
});
