import { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messagesIn } from '../../infra/local/demo/observe-slack.ts';
import type { LaneId } from '../../shared/lane/words.ts';
import { inputIdOf } from '../../shared/wire/ids.ts';
import { appsYaml } from '../functions/apps-yaml.ts';
import { buildEvent, buildSource, errorEvent, report } from '../functions/events.ts';
import { eventually } from '../functions/eventually.ts';
import { problemOf } from '../functions/problem-of.ts';
import { type Answer, listIn, type RunningService, startAlone } from '../functions/service.ts';

let service: RunningService;

beforeAll(async () => {
  service = await startAlone({ apps: appsYaml });
});
afterAll(async () => {
  await service.close();
});

const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const get = (path: string): Promise<Answer> => service.ask('GET', `/api/v1/${path}`, { as: 'read' });

interface Letter extends Record<string, unknown> {
  id: string;
  reason: string;
}

const letters = async (source: string): Promise<Letter[]> =>
  listIn(await get(`dead-letters?source=${source}&most=200`), 'deadLetters') as Letter[];

const rawOf = async (source: string, { id }: Letter): Promise<string> =>
  String((await get(`dead-letters/${source}/${id}`)).body?.raw);

type Bad = [what: string, body: unknown, reason: RegExp];

/** What is kept and shown of a body: JSON as it was written, and nothing that cannot be stored. */
const keptOf = (body: unknown): string =>
  (Buffer.isBuffer(body) ? body.toString('utf8') : typeof body === 'string' ? body : JSON.stringify(body))
    .replaceAll('\0', '\ufffd')
    .replace('1e400', 'null')
    // What is shown of it has no secret in it.
    .replace(/(https:[^"?]+)\?[^"]+/, '$1?<not shown>')
    .replace('u:hunter2@', '');

let number = 100;

/** Sends a good build, and gives the input it must become. */
async function sendGoodBuild(app = 'desk'): Promise<string> {
  number += 1;
  const event = buildEvent({ app, version: `1.0.${number}`, number });
  await service.send('builds', event, { messageId: event.id });
  return inputIdOf(`${app}@production` as LaneId, buildSource, event.id);
}

async function isApplied(input: string): Promise<void> {
  const seen = await eventually(
    () => get(`inputs/${input}`),
    ({ body }) => body?.state !== 'pending',
  );
  expect(seen.body).toMatchObject({ id: input, state: 'applied' });
}

/** Each bad message becomes one letter, with its reason and its text. */
async function eachIsKept(source: string, bad: Bad[], before: number, whole: boolean): Promise<void> {
  const found = await eventually(
    () => letters(source),
    (all) => all.length >= before + bad.length,
  );
  expect(found).toHaveLength(before + bad.length);
  const kept = await Promise.all(
    found.map(async (letter) => ({ reason: letter.reason, raw: await rawOf(source, letter) })),
  );
  for (const { reason } of kept) expect(reason).not.toContain('hunter2');
  for (const [what, body, reason] of bad) {
    const text = keptOf(body).slice(0, 450_000);
    const same = kept.filter(({ raw, reason: told }) => (whole ? raw === text : true) && reason.test(told));
    expect(
      same.length,
      `${what}: ${JSON.stringify(kept.filter(({ raw }) => raw === text).map((one) => one.reason))}`,
    ).toBeGreaterThan(0);
  }
}

const good = buildEvent();
const withData = (more: object) => ({ ...good, data: { ...good.data, ...more } });

/** What no reader of JSON can take, with what must be said of it. */
const unreadable: Bad[] = [
  ['no JSON', 'hello', /not JSON/],
  ['cut off', JSON.stringify(good).slice(0, 150), /not JSON/],
  ['a body of bytes', Buffer.from([0, 1, 2, 0xff, 0xfe, 0x80]), /not JSON/],
  ['NUL alone', '\0', /not JSON/],
  ['an empty body', '', /empty|not JSON|expected/],
  ['a list', '[]', /list|expected/],
  ['a number', '7', /expected/],
  ['null', 'null', /expected/],
  // Deeper, the runtime itself cannot hand it over.
  ['deep nesting', deep(2_000), /nested deeper|expected|missing/],
];

const badBuilds: Bad[] = [
  ...unreadable,
  ['no type', { ...good, type: undefined }, /type: is missing/],
  ['another type', { ...good, type: 'com.example.other' }, /type: /],
  ['no id', { ...good, id: '' }, /id: /],
  ['another specversion', { ...good, specversion: '0.3' }, /specversion: /],
  ['no data', { ...good, data: undefined }, /data: is missing/],
  ['wrong types', withData({ version: 7, commit: [], artifact: 'x' }), /data\.version: .*data\.commit/s],
  ['an unknown app', withData({ app: 'nobody' }), /data\.app: .*nobody/],
  ['an unknown environment', withData({ environment: 'moon' }), /data\.environment: .*shop@moon/],
  [
    'a huge number',
    JSON.stringify(withData({ build: { ...good.data.build, number: 0 } })).replace('"number":0', '"number":1e400'),
    /data\.build\.number: /,
  ],
  [
    'half a character',
    withData({ commit: { sha: good.data.commit.sha, ref: 'a\ud800b' } }),
    /data\.commit\.ref: must be well-formed/,
  ],
  ['a digest that is none', withData({ artifact: { ...good.data.artifact, sha256: '0' } }), /data\.artifact\.sha256: /],
  [
    'a password in the address',
    withData({ artifact: { ...good.data.artifact, url: 'https://u:hunter2@x.example/a.zip' } }),
    /data\.artifact\.url: /,
  ],
  [
    'deep nesting inside',
    JSON.stringify(good).replace('"number":1', `"number":${deep(2_000)}`),
    /nested deeper|number/,
  ],
  ['many commits that are none', withData({ commits: [{ sha: 'x' }] }), /data\.commits\[0\]/],
];

describe('the queue builds', () => {
  test('each bad build becomes a dead letter with its reason, and the build sent after it is decided', async () => {
    const inputs: string[] = [];
    for (const [, body] of badBuilds) {
      await service.send('builds', body);
      inputs.push(await sendGoodBuild());
    }
    await eachIsKept('builds', badBuilds, 0, true);
    for (const input of inputs) await isApplied(input);
  });

  test('too large for Service Bus is told to its sender; nothing arrives', async () => {
    const before = await letters('builds');
    await expect(service.send('builds', { ...good, padding: 'x'.repeat(300_000) })).rejects.toThrow(/big|large/i);
    await isApplied(await sendGoodBuild());
    expect(await letters('builds')).toHaveLength(before.length);
  });

  test('properties that name parts of the message are nothing but properties', async () => {
    const event = {
      ...buildEvent({ app: 'desk', version: '9.9.9', number: 9_999 }),
      messageId: 'forged',
      deliveryCount: 11,
      sessionId: 'shop@production',
    };
    await service.send('builds', event, { messageId: 'the-real-one' });
    await isApplied(inputIdOf('desk@production' as LaneId, buildSource, event.id));
  });
});

const lane = 'shop@production';
const wake = { data: { form: 1, attempt: 0, input: { id: `${lane}~x`, lane, type: 'wake', step: 0 } } };
const release = { type: 'command', by: { name: 'ada' }, command: { type: 'release' } };
const input = (more: object) => ({ data: { ...wake.data, input: { ...wake.data.input, ...more } } });

describe('the queue lanes', () => {
  const bad: Bad[] = [
    ...unreadable,
    ['no input', { data: { form: 1, attempt: 0 } }, /data\.input: is missing/],
    ['another form', { data: { ...wake.data, form: 2 } }, /data\.form: /],
    ['an unknown type', input({ type: 'explode' }), /data\.input\.type: /],
    // A mere reminder of it would be ignored: the lane may have left the owner's file.
    ['an unknown lane', input({ ...release, lane: 'nobody@moon', id: 'nobody@moon~x' }), /nobody@moon/],
    ['an id of another lane', input({ id: 'desk@production~x' }), /data\.input\.id: /],
    ['a step that is none', input({ step: -1 }), /data\.input\.step: /],
  ];

  test('each bad input becomes a dead letter, and its lane goes on', async () => {
    const inputs: string[] = [];
    for (const [, body] of bad) {
      await service.send('lanes', body, { sessionId: 'desk@production' });
      inputs.push(await sendGoodBuild());
    }
    await eachIsKept('lanes', bad, 0, true);
    for (const input of inputs) await isApplied(input);
  });
});

describe('the queue packages', () => {
  const order = { lane, deployment: 'x', attempt: 1, url: 'https://builds.example/x.zip', sha256: 'a'.repeat(64) };
  const packed = (more: object) => ({ data: { form: 1, attempt: 0, order: { ...order, ...more } } });
  const bad: Bad[] = [
    ...unreadable,
    ['no order', { data: { form: 1, attempt: 0 } }, /data\.order: is missing/],
    ['a lane that is none', packed({ lane: 'x' }), /data\.order\.lane: /],
    ['a digest that is none', packed({ sha256: 7 }), /data\.order\.sha256: /],
  ];

  test('each bad order becomes a dead letter, and a good one is carried out', async () => {
    for (const [, body] of bad) await service.send('packages', body);
    await service.send('packages', packed({}));
    await eachIsKept('packages', bad, 0, true);
    const done = () =>
      service.log().filter((line) => line.function === 'packageOrder' && line.message.includes('"lane"'));
    expect(
      (
        await eventually(
          async () => done(),
          (lines) => lines.length > 0,
        )
      ).length,
    ).toBeGreaterThan(0);
  });
});

describe('the queue error-reports', () => {
  const bad: Bad[] = [
    ...unreadable,
    ['deeper nesting', deep(10_000), /expected/],
    ['another type', { ...errorEvent([report()]), type: 'other' }, /type: expected/],
    ['no source', { ...errorEvent([report()]), source: 7 }, /source: /],
    ['an empty list', errorEvent([]), /data: is an empty list/],
    ['data that is text', errorEvent('x'), /data: expected/],
    ['an app that is none', errorEvent([report({ app: 'No App' })]), /app: must be/],
    ['an unknown app', errorEvent([report({ app: 'nobody' })]), /unknown app or environment: nobody@production/],
    ['a huge count', errorEvent([report({ count: 1e300 })]), /count: must be a whole number/],
    ['an impossible time', errorEvent([report({ occurredAt: '2026-02-31' })]), /occurredAt: /],
    ['a time in the far future', errorEvent([report({ occurredAt: '2190-01-01T00:00:00Z' })]), /more than a day ahead/],
    ['nothing that happened', errorEvent([report({ exceptions: [] })]), /exceptions: is empty/],
    ['exceptions that are none', errorEvent([report({ exceptions: [7] })]), /exceptions\[0\]: /],
  ];
  const own = (more: object = {}) => report({ app: 'desk', fingerprint: 'after bad ones', ...more });

  test('each bad message becomes a dead letter, and the reports around it are counted', async () => {
    for (const [, body] of bad) {
      await service.send('error-reports', body);
      await service.send('error-reports', errorEvent([own()]));
    }
    const deepTag = JSON.stringify(
      errorEvent([own({ message: 'a\0\ud800' }), { junk: deep(100) }, own({ user: 'DEEP' }), own()]),
    );
    await service.send('error-reports', deepTag.replace('"DEEP"', deep(10_000)));
    const junk: Bad = ['a bad report among good ones', '', /app: is missing/];
    // A report that was refused alone is kept alone, so its text is not the message's.
    await eachIsKept('error-reports', [...bad, junk], 0, false);
    const total = async (): Promise<unknown> => {
      await service.run('fold');
      return listIn(await get('error-groups?lane=desk@production'), 'errorGroups')[0]?.total;
    };
    const expected = bad.length + 3;
    expect(await eventually(total, (seen) => Number(seen) >= expected)).toBe(expected);
  });
});

const badBodies: [string, string, unknown, RegExp][] = [
  ['builds', 'cut off', '{"specversion":', /not JSON/],
  ['builds', 'deep', deep(10_000), /nested deeper/],
  ['builds', 'a list', '[]', /list/],
  ['builds', 'wrong types', withData({ version: [] }), /data\.version: /],
  ['builds', 'too many keys', `{"a":[${'0,'.repeat(60_000)}0]}`, /more than 50000/],
  [
    'builds',
    'half a character',
    withData({ commit: { sha: good.data.commit.sha, ref: '\udc00' } }),
    /data\.commit\.ref: /,
  ],
  ['builds', 'a container', withData({ artifact: { kind: 'container' } }), /containers are not deployed/],
  ['errors', 'cut off', '[{"a"', /not JSON/],
  ['errors', 'an empty list', '[]', /empty list/],
  ['errors', 'deep', deep(10_000), /expected/],
  ['errors', 'no report that can be read', errorEvent([{}, 7, null]), /data\[0\]: .*data\[1\]: .*data\[2\]: /],
  ['markers', 'deep', deep(4_000), /nested deeper/],
  ['markers', 'nothing', {}, /app: is missing/],
  [
    'markers',
    'wrong types',
    { app: 7, environment: null, kind: 'rollback', version: '', liveAt: 'now' },
    /app: .*kind: .*version: .*liveAt: /s,
  ],
  ['commands', 'nothing', {}, /type: /],
  ['commands', 'a misspelt key', { type: 'release', lane, sawlive: 'x' }, /sawlive: is not a known key/],
  ['commands', 'wrong types', { type: 'retry', lane: 7, deployment: {} }, /lane: .*deployment: /s],
  ['commands', 'NUL', { type: 'hold', lane, reason: 'a\0' }, /reason: must be well-formed/],
  ['commands', 'deep', deep(2_000), /nested deeper/],
  [`error-groups/${lane}/x`, 'nothing', {}, /type: /],
  [`error-groups/${lane}/x`, 'wrong types', { type: 'resolve', in: 7 }, /in: /],
  [`error-groups/${lane}/x`, 'a key too many', { type: 'ignore', also: 1 }, /also: is not a known key/],
];

describe('HTTP', () => {
  test.each(badBodies)('POST %s: %s is 400 and names what is wrong', async (path, _, body, detail) => {
    expect(problemOf(await service.ask('POST', `/api/v1/${path}`, { body }), 400)).toMatch(detail);
  });

  test('what is well-formed and names nothing we know is 422', async () => {
    const named = async (path: string, body: unknown): Promise<string> =>
      problemOf(await service.ask('POST', `/api/v1/${path}`, { body }), 422);
    expect(await named('builds', withData({ app: 'nobody' }))).toContain('data.app');
    expect(await named('builds', withData({ environment: 'moon' }))).toContain('data.environment');
    expect(await named('commands', { type: 'release', lane: 'nobody@moon' })).toContain('lane');
    const marker = { app: 'nobody', environment: 'moon', kind: 'deploy', version: '1', liveAt: '2026-01-01T00:00:00Z' };
    expect(await named('markers', marker)).toContain('nobody@moon');
  });

  test('addresses that no client should send are refused, and never a fault', async () => {
    const odd = ['%00', '%E0%A4%A', "'%20or%201%20eq%201", '%ED%A0%80', 'a'.repeat(3_000), '..%2f..%2fadmin', '%7E'];
    const paths = odd.flatMap((text) => [
      `inputs/${text}`,
      `inputs/${lane}~${text}`,
      `lanes/${text}`,
      `deployments/${lane}/${text}`,
      `deployments/${lane}/${text}/journal`,
      `markers/${lane}/${text}`,
      `dead-letters/${text}/${text}`,
      `dead-letters?source=${text}`,
    ]);
    for (const path of paths) {
      const { status, text } = await get(path);
      expect(status, `${path} ${text}`).toBeLessThan(500);
    }
  });
});

test('people are told of a dead letter: where it came from, and why', async () => {
  await service.send('builds', { tellsPeople: true });
  await service.send('error-reports', { tellsPeople: true });
  const saidOf = async (source: string, reason: string): Promise<number> =>
    (await messagesIn(service.slack, '#deployments')).filter(
      ({ says }) => says.includes(source) && says.includes(reason),
    ).length;
  for (const [source, reason] of [
    ['builds', 'specversion: is missing'],
    ['error-reports', 'specversion: expected'],
  ] as const)
    expect(
      await eventually(
        () => saidOf(source, reason),
        (count) => count > 0,
      ),
    ).toBeGreaterThan(0);
});

test('a lane whose row cannot be read is parked alone; mended, a replay brings what it missed, as often as it is asked for', async () => {
  const poisoned = 'shop@preview';
  await decidedBuild('1.0.0', 1);
  const lanes = TableClient.fromConnectionString(service.storage, 'Lanes', { allowInsecureConnection: true });
  // At rest, so that nobody writes it whole again.
  const row = await eventually(
    () => lanes.getEntity<{ state: string; pending: string }>(poisoned, 'lane'),
    ({ pending }) => pending === '',
  );
  await lanes.updateEntity({ partitionKey: poisoned, rowKey: 'lane', state: '{"cut' }, 'Merge', { etag: row.etag });
  const event = buildEvent({ environment: 'preview', version: '1.1.0', number: 2 });
  await service.send('builds', event, { messageId: event.id });
  const parked = async () =>
    (await letters('lanes')).filter(({ reason }) => reason.includes('given up by Service Bus'));
  const [letter] = await eventually(parked, (found) => found.length > 0);
  expect(await rawOf('lanes', letter as Letter)).toContain('1.1.0');
  await isApplied(await sendGoodBuild());
  await isApplied(await sendGoodBuild('shop'));
  const id = inputIdOf(poisoned as LaneId, buildSource, event.id);

  // Sent again before its cause is gone, it comes back, and is not lost.
  const replay = () => service.ask('POST', `/api/v1/dead-letters/lanes/${letter?.id}/replay`, { as: 'command' });
  expect((await replay()).body).toEqual({ replayed: 1 });
  const failing = () =>
    service.log().filter((line) => line.function === 'drainLanes' && line.message.includes(letter?.id ?? '')).length;
  expect(
    await eventually(
      async () => failing(),
      (times) => times >= 2,
    ),
  ).toBeGreaterThanOrEqual(2);

  await lanes.updateEntity({ partitionKey: poisoned, rowKey: 'lane', state: row.state }, 'Merge', { etag: '*' });
  expect((await replay()).body).toEqual({ replayed: 2 });
  const seen = await eventually(
    () => get(`inputs/${id}`),
    ({ body }) => body?.state !== 'pending',
  );
  expect(seen.body).toMatchObject({ state: 'applied' });
  expect((await replay()).body).toEqual({ replayed: 3 });
  await decidedBuild('1.2.0', 3);
  const deployments = listIn(await get(`deployments?lane=${poisoned}`), 'deployments');
  expect(deployments.map(({ build }) => (build as { version: string }).version)).toEqual(['1.2.0', '1.1.0', '1.0.0']);

  async function decidedBuild(version: string, of: number): Promise<void> {
    const own = buildEvent({ environment: 'preview', version, number: of });
    await service.send('builds', own, { messageId: own.id });
    const told = inputIdOf(poisoned as LaneId, buildSource, own.id);
    const answer = await eventually(
      () => get(`inputs/${told}`),
      ({ body }) => body?.state !== 'pending',
    );
    expect(answer.body).toMatchObject({ state: 'applied' });
  }
});

test('after all of it the service is healthy, and nothing failed but the parked lane', async () => {
  expect((await service.ask('GET', '/healthz', { as: 'nobody' })).text).toBe('ok\n');
  // A store that was too slow for its deadline is no fault of an input: that message comes again and is then decided, as seen above.
  const failed = service
    .log()
    .filter(({ message }) => message.includes('will come again') && !message.includes('"fault":"Unavailable:'));
  expect(failed.length).toBeGreaterThan(0);
  for (const { function: name, message } of failed) {
    expect(name, message).toBe('laneInput');
    expect(message).toContain('JSON');
  }
  expect(
    service
      .log()
      .filter(
        ({ level, function: name, message }) =>
          level === 'error' && message.includes('"what":"http"') && name !== undefined,
      ),
  ).toEqual([]);
});
