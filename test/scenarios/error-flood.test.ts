import { afterAll, beforeAll, expect, test } from 'vitest';
import { hash64 } from '../../shared/correlation/hash.ts';
import { appsYaml } from '../functions/apps-yaml.ts';
import { errorEvent, report } from '../functions/events.ts';
import { eventually } from '../functions/eventually.ts';
import { listIn, type RunningService, startAlone } from '../functions/service.ts';

/** 20,000 reports: packed in messages for the queue, and the rest over HTTP. */
const messages = 360;
const posts = 40;
const packed = 50;
const fingerprints = ['quote', 'cart', 'login', 'search', 'mail'];

const minute = 60_000;
const now = Math.floor(Date.now() / minute) * minute;
/** Two going-lives, known by their markers alone: 1.0 an hour ago, 2.0 half an hour ago. */
const liveAt = { '1.0': new Date(now - 60 * minute), '2.0': new Date(now - 30 * minute) };

let service: RunningService;

beforeAll(async () => {
  // Messages that a killed host had locked come again when their locks end.
  service = await startAlone({ apps: appsYaml, lockSeconds: 6 });
});
afterAll(async () => {
  await service.close();
});

interface Expected {
  total: number;
  countByVersion: Record<string, number>;
}

/** Each message mixes fingerprints and minutes; a third of its reports names 1.0, a third 2.0, a third none. */
function flood(): { events: ReturnType<typeof errorEvent>[]; expected: Map<string, Expected> } {
  const expected = new Map<string, Expected>(fingerprints.map((name) => [name, { total: 0, countByVersion: {} }]));
  const events = Array.from({ length: messages + posts }, (_, index) =>
    errorEvent(
      Array.from({ length: packed }, (__, at) => {
        const fingerprint = fingerprints[(index + at) % fingerprints.length] as string;
        // Before the first marker, under 1.0, and under 2.0.
        const minutesAgo = [70, 45, 10][index % 3] as number;
        const version = [undefined, '1.0', '2.0'][at % 3];
        const inForce = minutesAgo === 70 ? 'none' : minutesAgo === 45 ? '1.0' : '2.0';
        const count = at === 0 ? 3 : 1;
        const sum = expected.get(fingerprint) as Expected;
        const under = version ?? inForce;
        sum.total += count;
        sum.countByVersion[under] = (sum.countByVersion[under] ?? 0) + count;
        return report({
          version,
          fingerprint,
          count,
          occurredAt: new Date(now - minutesAgo * minute + at).toISOString(),
        });
      }),
      `event-${index}`,
    ),
  );
  return { events, expected };
}

test('20,000 error reports, sent again, regrouped, killed twice and posted as well, are counted exactly and tied to their versions', async () => {
  for (const [version, at] of Object.entries(liveAt)) {
    const body = { app: 'shop', environment: 'production', kind: 'deploy', version, liveAt: at.toISOString() };
    expect((await service.ask('POST', '/api/v1/markers', { as: 'report', body })).status).toBe(201);
  }
  const { events, expected } = flood();
  const queued = events.slice(0, messages);
  const posted = events.slice(messages);

  const again = queued.filter((_, index) => index % 4 === 0);
  const sending = service.sendMany(
    'error-reports',
    [...queued, ...again].map((body) => ({ body })),
  );
  const batches = () =>
    service.log().filter((line) => line.function === 'errorReports' && line.message.includes('"reports"'));
  await eventually(
    async () => batches().length,
    (done) => done > 0,
    30_000,
    20,
  );
  await service.host.kill();
  await service.host.start();
  await sending;
  const before = batches().length;
  await eventually(
    async () => batches().length,
    (done) => done > before,
    30_000,
    20,
  );
  await service.host.kill();
  await service.host.start();

  // Over HTTP, each twice: as a client does whose answer was lost. Some of what is queued comes this way too.
  for (const body of [...posted, ...queued.slice(0, 5), ...posted]) {
    const answer = await service.ask('POST', '/api/v1/errors', { as: 'report', body });
    expect([answer.status, answer.body]).toEqual([202, { reports: packed }]);
  }

  /** By fingerprint: what the client calls an error is hashed, so that it is safe as a key. */
  const counted = async (): Promise<Record<string, Expected>> => {
    await service.run('fold');
    const groups = listIn(await service.ask('GET', '/api/v1/error-groups?lane=shop@production'), 'errorGroups');
    return Object.fromEntries(
      groups.map(({ fingerprint, total, countByVersion }) => [fingerprint, { total, countByVersion }]),
    );
  };
  const wanted = Object.fromEntries([...expected].map(([name, sums]) => [hash64('client', name), sums]));
  const sumOf = (groups: Record<string, Expected>): number =>
    Object.values(groups).reduce((sum, { total }) => sum + total, 0);
  expect(sumOf(wanted)).toBe((messages + posts) * (packed + 2));
  const groups = await eventually(counted, (seen) => sumOf(seen) >= sumOf(wanted), 60_000, 1_000);
  expect(groups).toEqual(wanted);

  // What comes once more when all is counted changes nothing.
  await service.sendMany(
    'error-reports',
    queued.slice(100, 140).map((body) => ({ body })),
  );
  const last = batches().length;
  await eventually(
    async () => batches().length,
    (done) => done > last,
    30_000,
  );
  expect(await counted()).toEqual(wanted);
  expect(listIn(await service.ask('GET', '/api/v1/dead-letters'), 'deadLetters')).toEqual([]);
}, 120_000);
