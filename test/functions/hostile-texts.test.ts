import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countedConnections } from '../adapters/http/connections.ts';
import { appsYaml } from './apps-yaml.ts';
import { buildEvent, errorEvent, report } from './events.ts';
import { eventually } from './eventually.ts';
import { hostileTexts } from './hostile-texts.ts';
import type { LogLine } from './log-lines.ts';
import { type Answer, listIn, type RunningService, startAlone } from './service.ts';

const texts = Object.values(hostileTexts);
const flag = (environment: string) => ({ app: 'shop', environment, kind: 'flag', liveAt: new Date().toISOString() });
async function forEach(work: (text: string) => Promise<void>): Promise<void> {
  for (let from = 0; from < texts.length; from += 10) await Promise.all(texts.slice(from, from + 10).map(work));
}

let service: RunningService;
beforeAll(async () => {
  service = await startAlone({ apps: appsYaml, settings: { WARMSWAP_ALLOWED_NETWORKS: null } });
  // What an answer must not show to who asks for something else.
  const marker = { ...flag('preview'), version: '1.0.0', text: 'of somebody else', id: 'other' };
  expect((await service.ask('POST', '/api/v1/markers', { as: 'report', body: marker })).status).toBeLessThan(300);
});
afterAll(() => service.close());

const post = (path: string, as: 'report' | 'deploy' | 'command', body: unknown): Promise<Answer> =>
  service.ask('POST', `/api/v1/${path}`, { as, body });

test('in an address: nothing is found, and nothing of anybody else is shown', async () => {
  await forEach(async (text) => {
    const it = encodeURIComponent(text);
    const paths = [
      ...[`lanes/${it}`, `deployments/shop@preview/${it}`, `deployments/shop@preview/${it}/journal`, `inputs/${it}`],
      ...[`markers?lane=shop@preview&at=${it}`, `markers/shop@preview/${it}`, `error-groups?lane=${it}`],
      ...[`dead-letters/${it}/x`, `dead-letters/builds/${it}`],
    ];
    const answers = await Promise.all(paths.map((path) => service.ask('GET', `/api/v1/${path}`, { as: 'read' })));
    const change = { type: 'ignore' };
    answers.push(await post(`error-groups/shop@preview/${it}`, 'command', change));
    for (const [index, { status, text: body }] of answers.entries()) {
      const path = paths[index] ?? 'a POST';
      // A journal and an input may be asked for before there is any.
      const isEmpty = status === 200 && /^\{"journal":\[\]\}$|"state":"pending"/.test(body);
      expect(isEmpty || (status >= 400 && status < 500), `${status} ${path}: ${body.slice(0, 200)}`).toBe(true);
      expect(body, path).not.toContain('of somebody else');
    }
  });
});

test('in what is told: it is taken or refused, kept as it is, and begins no line of the log', async () => {
  const outcomes = new Set<number>();
  await forEach(async (text) => {
    const event = buildEvent({ app: 'desk', version: text, number: 1 });
    const commits = [{ sha: 'a'.repeat(40), message: text, author: { name: text } }];
    const exceptions = [{ type: text, message: text, frames: [{ function: text, file: text }] }];
    const answers = await Promise.all([
      post('builds', 'deploy', { ...event, id: text, data: { ...event.data, commits, requestedBy: { name: text } } }),
      post('commands', 'command', { type: 'hold', lane: 'desk@production', reason: text, id: randomUUID() }),
      post('errors', 'report', errorEvent(report({ version: text, exceptions, tags: { [text]: text } }), text)),
      post('markers', 'report', { ...flag('production'), version: text, text, id: text }),
    ]);
    for (const { status, text: body } of answers) {
      expect(status, `${JSON.stringify(text)}: ${body}`).toBeLessThan(500);
      outcomes.add(status);
    }
  });
  expect([...outcomes]).toEqual(expect.arrayContaining([202, 400]));
  await service.sendMany(
    'builds',
    texts.map((text) => ({ body: Buffer.from(text) })),
  );

  const letters = await eventually(
    async () =>
      listIn(await service.ask('GET', '/api/v1/dead-letters?source=builds&most=200', { as: 'read' }), 'deadLetters'),
    ({ length }) => length >= texts.length,
  );
  const kept = await Promise.all(
    letters.map(({ id }) =>
      service.ask('GET', `/api/v1/dead-letters/builds/${encodeURIComponent(String(id))}`, { as: 'read' }),
    ),
  );
  expect(new Set(kept.map(({ body }) => body?.raw))).toEqual(new Set(texts));

  const logged = await eventually(
    async () => service.log(),
    (lines) => lines.filter(({ message }) => message?.includes('"stored as unreadable"')).length >= texts.length,
  );
  expectNoForgery(logged);
});

/** Lines without a message are not of a function: the process said them itself, or somebody made it. */
function expectNoForgery(lines: Partial<LogLine>[]): void {
  for (const line of lines) {
    const { level, message } = line;
    expect(level, message).not.toBe('unknown');
    const said: unknown = message === undefined ? line : message.startsWith('{') ? JSON.parse(message) : {};
    expect(said).not.toMatchObject({ what: 'forged' });
    expect(message ?? '').not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
  }
}

test('in an order: an artefact at an address that is not allowed is refused, and nobody is connected to', async () => {
  const source = await countedConnections();
  const order = { lane: 'shop@production', deployment: 'x', attempt: 1, sha256: 'a'.repeat(64) };
  const url = `http://127.0.0.1:${source.port}/shop.zip?sig=hunter2`;
  await service.send('packages', JSON.stringify({ data: { form: 1, attempt: 0, order: { ...order, url } } }));
  const ofOrders = (lines: Partial<LogLine>[]): string[] =>
    lines.flatMap(({ message = '' }) => (message.includes('"what":"packages"') ? [message] : []));
  const [said = ''] = await eventually(
    async () => ofOrders(service.log()),
    ({ length }) => length > 0,
  );
  expect(JSON.parse(said)).toMatchObject({
    outcome: 'refused',
    because: expect.stringContaining('WARMSWAP_ALLOWED_NETWORKS'),
  });
  expect(said).not.toContain('hunter2');
  expect(source.received).toEqual([]);
  await source.close();
});
