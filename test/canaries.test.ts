import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { expect, test } from 'vitest';
import { ARTEFACT, canary, leaksIn, VISITOR } from './canaries.ts';
import { appsYaml } from './functions/apps-yaml.ts';
import { buildEvent, errorEvent, report } from './functions/events.ts';
import { eventually } from './functions/eventually.ts';
import { headOf, rawRequest } from './functions/http/raw-request.ts';
import { APP, post, SECRET, slash, TEAM } from './functions/http/slack-requests.ts';
import { listIn, startAlone } from './functions/service.ts';

test('a harness closes in peace after secrets went all the ways they may', async () => {
  const service = await startAlone({ apps: appsYaml });
  const body = buildEvent();
  expect((await service.ask('POST', '/api/v1/builds', { as: 'deploy', body })).status).toBe(202);
  await service.ask('POST', '/api/v1/errors', {
    as: 'report',
    body: errorEvent([report(), report({ app: 'nobody' })]),
  });
  await service.send('builds', { ...body, id: '' });
  const kept = async () => listIn(await service.ask('GET', '/api/v1/dead-letters', { as: 'read' }), 'deadLetters');
  const letters = await eventually(kept, ({ length }) => length >= 2);
  const shown = await Promise.all(
    letters.map(({ source, id }) => service.ask('GET', `/api/v1/dead-letters/${String(source)}/${String(id)}`)),
  );
  // What was kept has them, and what is shown has not: the harness would refuse to close.
  expect(shown.map((answer) => answer.status)).toEqual([200, 200]);
  const rows = TableClient.fromConnectionString(service.storage, 'DeadLetters', { allowInsecureConnection: true });
  const stored: string[] = [];
  for await (const row of rows.listEntities()) stored.push(JSON.stringify(row));
  expect(stored.join()).toContain(ARTEFACT);
  await service.close();
});

test('it does not close where one lies anywhere else, and says where', async () => {
  const service = await startAlone({
    apps: appsYaml,
    settings: { WARMSWAP_SLACK_SIGNING_SECRET: SECRET, WARMSWAP_SLACK_TEAM_ID: TEAM, WARMSWAP_SLACK_APP_ID: APP },
  });
  const row = { partitionKey: 'a', rowKey: randomUUID() };
  const put = (table: string, state: string) =>
    TableClient.fromConnectionString(service.storage, table, { allowInsecureConnection: true }).upsertEntity({
      ...row,
      state,
    });
  await put('Lanes', `{"url":"https://x.example/?sig=${ARTEFACT}"}`);
  await put('Markers', Buffer.from(`x ${canary('identity-header')}`).toString('base64'));
  await put('ErrorDeltas', JSON.stringify(deflateRawSync(`{"url":"${VISITOR}"}`).toString('base64')));
  await put('DeadLetters', canary('slack-token'));
  await put('ErrorGroups', service.storage);
  const blobs = BlobServiceClient.fromConnectionString(service.storage).getContainerClient('packages');
  await blobs.getBlockBlobClient('x').uploadData(Buffer.from('x'), { metadata: { from: ARTEFACT } });
  const said = await fetch(new URL('/api/chat.postMessage', service.slack), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer xoxb-${canary('slack-token')}` },
    body: JSON.stringify({ channel: '#deployments', text: canary('token-all') }),
  });
  expect(await said.json()).toMatchObject({ ok: true });
  appendFileSync(service.logFile, `{"level":"error","message":"${canary('service-bus-key').slice(0, 20)}"}\n`);
  const marker = {
    app: 'shop',
    environment: 'production',
    kind: 'deploy',
    version: '1',
    liveAt: '2026-01-01T00:00:00Z',
  };
  await service.ask('POST', '/api/v1/markers', { as: 'report', body: { ...marker, text: canary('token-deploy') } });
  const { status } = await post(service, 'commands', slash('https://hooks.slack.com/x', canary('token-read')));
  expect(status).toBe(200);
  const body = JSON.stringify({ ...marker, version: '2', text: canary('token-command') });
  const host = new URL(service.origin).host;
  const lines = [`Authorization: Bearer ${service.tokens.all}`, 'Content-Type: application/json'];
  await rawRequest(service, headOf('POST', '/api/v1/markers', host, ...lines, `Content-Length: ${body.length}`), body);

  const told = await service.close().then(
    () => 'it closed',
    (error: Error) => error.message,
  );
  for (const place of [
    /canary-artefact-\S* in table Lanes, row a /,
    /in table Markers, row a /,
    /canary-visitor-\S* in table ErrorDeltas/,
    /canary-slack-token-\S* in table DeadLetters/,
    /the key of the storage account in table ErrorGroups/,
    /canary-artefact-\S* in blob packages\/x/,
    /canary-token-all-\S* in Slack's messages/,
    /canary-service-bus-\S* in the log functions-host\.log/,
    /canary-token-deploy-\S* in the answer to POST \/api\/v1\/markers/,
    /canary-token-deploy-\S* in table Markers/,
    /canary-token-read-\S* in the answer to POST \/slack\/commands/,
    /canary-token-command-\S* in the answer to POST \/api\/v1\/markers HTTP/,
  ])
    expect(told).toMatch(place);
});

test.each([
  ['a secret as it is', canary('token-all')],
  ['its beginning', canary('token-all').slice(0, 12)],
  ['in an address', `https://x.example/?a=${encodeURIComponent(canary('token-all'))}`],
  ...['', 'x', 'xx'].map((before) => [
    `in base64, after ${before.length} characters`,
    Buffer.from(`${before}${canary('token-all')}`).toString('base64'),
  ]),
])('%s is found', (_, text = '') => {
  expect(leaksIn(text, 'anywhere')).toHaveLength(1);
  expect(leaksIn('a canary is a bird', 'anywhere')).toEqual([]);
});
