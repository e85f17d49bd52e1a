import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../../infra/local/root.ts';
import { faultOfAnswer, faultOfBody } from '../../docs/description.ts';
import { appsYaml } from '../apps-yaml.ts';
import { buildEvent, errorEvent, report } from '../events.ts';
import { eventually } from '../eventually.ts';
import { type Answer, type Asking, listIn, type RunningService, startAlone } from '../service.ts';
import { knownRoutes } from './known-routes.ts';

let service: RunningService;

beforeAll(async () => {
  service = await startAlone({ apps: appsYaml });
});
afterAll(async () => {
  await service.close();
});

/** Asks, and judges the answer by the description. */
async function ask(name: string, path: string, asking: Asking = {}): Promise<Answer> {
  const method = knownRoutes.find((route) => route.name === name)?.method ?? 'GET';
  const answer = await service.ask(method, `/api/v1/${path}`, asking);
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  expect(faultOfAnswer(name, answer.status, type, answer.body), `${name} ${answer.status} ${answer.text}`).toBeNull();
  return answer;
}

const LANE = 'shop@production';

test('the description is served as it is written', async () => {
  const { body, headers } = await ask('getOpenapi', 'openapi.json', { as: 'read' });
  expect(headers.get('content-type')).toBe('application/json');
  expect(body).toEqual(JSON.parse(readFileSync(join(root, 'docs/openapi.json'), 'utf8')));
});

test('every answer about a build, its deployment and its lane is as described', async () => {
  const event = buildEvent({ app: 'desk', version: '3.0.0' });
  const { body } = await ask('postBuild', 'builds', { body: event });
  await ask('postBuild', 'builds', { body: { ...event, data: { ...event.data, status: 'failed' } } });
  const input = await eventually(
    () => ask('getInput', `inputs/${encodeURIComponent(String(body?.input))}`),
    ({ body: now }) => now?.state === 'applied',
  );
  const id = String(input.body?.deployment);
  await ask('getDeployment', `deployments/desk@production/${id}`);
  const { body: journal } = await ask('getJournal', `deployments/desk@production/${id}/journal`);
  expect(journal?.journal).toHaveLength(1);
  expect(listIn(await ask('listDeployments', 'deployments?lane=desk@production'), 'deployments')).toHaveLength(1);
  await ask('getLane', 'lanes/desk@production');
  expect(listIn(await ask('listLanes', 'lanes'), 'lanes').length).toBeGreaterThan(0);
  await ask('postCommand', 'commands', { body: { type: 'hold', lane: LANE, reason: 'a look' } });
});

test('every answer about markers, errors and dead letters is as described', async () => {
  const marker = { app: 'shop', environment: 'production', kind: 'deploy', version: '1.0.0' };
  const put = await ask('postMarker', 'markers', {
    body: { ...marker, liveAt: '2026-01-31T12:00:00Z', commit: 'abcdef1' },
  });
  await ask('getMarker', `markers/${LANE}/${String(put.body?.id)}`);
  await ask('listMarkers', `markers?lane=${LANE}`);
  await ask('listMarkers', `markers?lane=${LANE}&at=2026-02-01T00:00:00Z`);
  await ask('postErrors', 'errors', { body: errorEvent([report(), { app: 'shop' }]) });
  await service.run('fold');
  const groups = await eventually(
    () => ask('listErrorGroups', `error-groups?lane=${LANE}`),
    (answer) => listIn(answer, 'errorGroups').length === 1,
  );
  const fingerprint = String(listIn(groups, 'errorGroups')[0]?.fingerprint);
  await ask('changeErrorGroup', `error-groups/${LANE}/${fingerprint}`, { body: { type: 'resolve', in: '1.0.1' } });
  await service.send('builds', 'this is no JSON');
  const letters = await eventually(
    () => ask('listDeadLetters', 'dead-letters?source=builds'),
    (answer) => listIn(answer, 'deadLetters').length === 1,
  );
  const letter = `dead-letters/builds/${encodeURIComponent(String(listIn(letters, 'deadLetters')[0]?.id))}`;
  await ask('getDeadLetter', letter);
  await ask('replayDeadLetter', `${letter}/replay`);
});

test('every refusal is as described', async () => {
  for (const { name, path, method, mostBytes } of knownRoutes) {
    const body = method === 'POST' && mostBytes !== undefined ? { body: {} } : {};
    expect((await ask(name, path, { as: 'nobody', ...body })).status).toBe(401);
    // It may, or it may not: what is answered must be among what is described.
    for (const as of ['read', 'report', 'deploy', 'command'] as const) await ask(name, path, { as, ...body });
    if (mostBytes === undefined) continue;
    expect((await ask(name, path, { body: 'a', type: 'text/plain' })).status).toBe(415);
    expect((await ask(name, path, { body: `"${'x'.repeat(mostBytes)}"` })).status).toBe(413);
    expect((await ask(name, path, { body: '{' })).status).toBe(400);
  }
  await ask('listMarkers', `markers?lane=${LANE}&at=yesterday`);
  await ask('listDeadLetters', 'dead-letters?most=0');
  await ask('getLane', 'lanes/nobody@production');
});

const build = buildEvent({ app: 'desk', version: '9.9.9' });
const changed = (data: object): object => ({ ...build, data: { ...build.data, ...data } });
const marker = { app: 'shop', environment: 'production', kind: 'flag', version: '1', liveAt: '2026-01-31T12:00:00Z' };

test.each<[string, string, unknown]>([
  ['postBuild', 'builds', build],
  [
    'postBuild',
    'builds',
    changed({ environment: null, commits: null, schemaChange: 'contract', requestedBy: { name: 'Ada' } }),
  ],
  ['postBuild', 'builds', changed({ build: { number: '12', finishedAt: new Date().toISOString() } })],
  ['postMarker', 'markers', marker],
  [
    'postMarker',
    'markers',
    { ...marker, id: 'x', text: 'new prices', url: 'https://example.com', commit: 'ABCDEF1', extra: 1 },
  ],
  ['postErrors', 'errors', errorEvent(report())],
  ['postErrors', 'errors', [errorEvent([report({ version: null, tags: { a: 'b' }, count: 3 })])]],
  ['postErrors', 'errors', errorEvent(report({ exceptions: [], message: 'out of paper' }))],
  ['postCommand', 'commands', { type: 'release', lane: LANE }],
  ['postCommand', 'commands', { type: 'retry', lane: LANE, deployment: 'd', sawLive: null, id: 'mine' }],
])('%s takes what the description allows: %#', async (name, path, body) => {
  expect(faultOfBody(name, body)).toBeNull();
  const answer = await ask(name, path, { body });
  expect(answer.status, answer.text).toBeLessThan(300);
});

test.each<[string, string, unknown]>([
  ['postBuild', 'builds', {}],
  ['postBuild', 'builds', []],
  ['postBuild', 'builds', { ...build, specversion: '0.3' }],
  ['postBuild', 'builds', { ...build, type: 'other' }],
  ['postBuild', 'builds', changed({ version: '' })],
  ['postBuild', 'builds', changed({ version: 'none' })],
  ['postBuild', 'builds', changed({ version: 'x'.repeat(201) })],
  ['postBuild', 'builds', changed({ app: 'Not A Name' })],
  ['postBuild', 'builds', changed({ status: 'fine' })],
  ['postBuild', 'builds', changed({ commit: { sha: 'zz' } })],
  [
    'postBuild',
    'builds',
    changed({ artifact: { kind: 'zip', url: 'ftp://example.com/a.zip', sha256: 'a'.repeat(64) } }),
  ],
  ['postBuild', 'builds', changed({ artifact: { kind: 'zip', url: 'https://example.com/a.zip', sha256: 'short' } })],
  ['postBuild', 'builds', changed({ build: { number: -1, finishedAt: new Date().toISOString() } })],
  ['postBuild', 'builds', changed({ build: { finishedAt: 'yesterday' } })],
  ['postMarker', 'markers', { ...marker, kind: 'rollback' }],
  ['postMarker', 'markers', { ...marker, liveAt: '2026-01-31' }],
  ['postMarker', 'markers', { ...marker, url: 'javascript:alert(1)' }],
  ['postMarker', 'markers', { ...marker, version: undefined }],
  ['postErrors', 'errors', { ...errorEvent(report()), type: 'other' }],
  ['postErrors', 'errors', errorEvent([])],
  ['postErrors', 'errors', errorEvent(report({ occurredAt: 'now' }))],
  ['postErrors', 'errors', errorEvent(report({ count: 0 }))],
  ['postErrors', 'errors', errorEvent(report({ exceptions: [] }))],
  ['postCommand', 'commands', { type: 'release', lane: LANE, extra: true }],
  ['postCommand', 'commands', { type: 'approve', lane: LANE, deployment: 'd' }],
  ['postCommand', 'commands', { type: 'roll-back', lane: LANE, sawLive: null, reason: 'x' }],
  ['postCommand', 'commands', { type: 'dance', lane: LANE }],
  ['changeErrorGroup', `error-groups/${LANE}/0123456789abcdef`, { type: 'resolve', in: '' }],
  ['changeErrorGroup', `error-groups/${LANE}/0123456789abcdef`, { type: 'reopen', in: '1' }],
])('%s refuses what the description forbids: %#', async (name, path, body) => {
  expect(faultOfBody(name, body)).not.toBeNull();
  const answer = await ask(name, path, { body });
  expect([400, 422], answer.text).toContain(answer.status);
});
