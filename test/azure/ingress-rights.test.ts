import { afterAll, beforeAll, expect, test } from 'vitest';
import { appsYaml } from '../functions/apps-yaml.ts';
import { buildEvent, errorEvent, report } from '../functions/events.ts';
import { eventually } from '../functions/eventually.ts';
import {
  type Addressee,
  APP,
  click,
  payload,
  post,
  SECRET,
  slash,
  startAddressee,
  TEAM,
} from '../functions/http/slack-requests.ts';
import { type Answer, listIn, type RunningService, startAlone } from '../functions/service.ts';
import { disabledIn, settingsOf } from './apps.ts';
import { type BicepFile, loadGrammar } from './bicep.ts';
import { variable } from './declared.ts';
import { operationFaults } from './faults.ts';
import { type RecordedTables, recordedTables } from './recorded-tables.ts';
import { parsed, textsOf } from './the-files.ts';

// The ingress as it is on Azure, with the deployer's functions left out, and what its handlers do to which table.

let files: BicepFile[];
let service: RunningService;
let slack: Addressee;
let tables: RecordedTables;
beforeAll(async () => {
  await loadGrammar();
  files = parsed(textsOf());
  slack = await startAddressee();
  service = await startAlone({
    apps: appsYaml,
    settings: {
      WARMSWAP_SLACK_API_URL: slack.apiUrl,
      WARMSWAP_SLACK_SIGNING_SECRET: SECRET,
      WARMSWAP_SLACK_TEAM_ID: TEAM,
      WARMSWAP_SLACK_APP_ID: APP,
    },
  });
  const port = /TableEndpoint=http:\/\/127\.0\.0\.1:(\d+)\//.exec(service.storage)?.[1];
  tables = await recordedTables(Number(port));
}, 60_000);
afterAll(async () => {
  await service.close();
  await Promise.all([tables.close(), slack.close()]);
});

const LANE = 'shop@production';
const api = (method: string, path: string, body?: unknown): Promise<Answer> =>
  service.ask(method, `/api/v1/${path}`, body === undefined ? {} : { body });
const listed = async (path: string, name: string): Promise<Record<string, unknown>> => {
  const answer = await eventually(
    () => api('GET', path),
    (seen) => listIn(seen, name).length > 0,
    40_000,
  );
  expect(listIn(answer, name), path).not.toEqual([]);
  return listIn(answer, name)[0] ?? {};
};
const reports = (id: string, app: string) => errorEvent([report(), report({ app })], id);
const marker = { app: 'shop', environment: 'production', kind: 'external', version: '1.0.0' };

/** Something of each kind, so that no handler is at its end before it began; and then the host as the ingress. */
async function prepared() {
  await api('POST', 'errors', reports('before', 'nobody'));
  await api('POST', 'markers', { ...marker, liveAt: '2026-01-10T10:00:00Z' });
  await api('POST', 'builds', buildEvent());
  await service.send('builds', '{"cut');
  const letter = String((await listed('dead-letters?source=builds', 'deadLetters')).id);
  const deployment = String((await listed(`deployments?lane=${LANE}`, 'deployments')).id);
  await service.run('fold');
  const fingerprint = String((await listed(`error-groups?lane=${LANE}`, 'errorGroups')).fingerprint);
  await service.host.stop();
  service.set({
    ...Object.fromEntries(
      disabledIn(settingsOf(files, 'ingress')).map((name) => [`AzureWebJobs.${name}.Disabled`, 'true']),
    ),
    Storage: service.storage.replace(/(TableEndpoint=http:\/\/127\.0\.0\.1:)\d+/, `$1${tables.port}`),
    WARMSWAP_SLACK_TOKEN: null,
  });
  await service.host.start();
  return { letter, deployment, fingerprint };
}

test('its handlers read, and add to, the tables it has the rights for, and no other; they delete nothing', async () => {
  const { letter, deployment, fingerprint } = await prepared();
  const hold = { type: 'hold', lane: LANE, reason: 'a test' };
  const marked = await api('POST', 'markers', { ...marker, liveAt: '2026-01-10T12:00:00Z' });
  const told = await api('POST', 'commands', hold);
  const asked: Record<string, () => Promise<Answer>> = {
    changeErrorGroup: () => api('POST', `error-groups/${LANE}/${fingerprint}`, { type: 'resolve', in: '1.0.1' }),
    getDeadLetter: () => api('GET', `dead-letters/builds/${letter}`),
    getDeployment: () => api('GET', `deployments/${LANE}/${deployment}`),
    getInput: () => service.ask('GET', told.headers.get('location') ?? ''),
    getJournal: () => api('GET', `deployments/${LANE}/${deployment}/journal`),
    getLane: () => api('GET', `lanes/${LANE}`),
    getMarker: () => service.ask('GET', marked.headers.get('location') ?? ''),
    getOpenapi: () => api('GET', 'openapi.json'),
    getReleaseProcess: () => api('GET', 'release-process'),
    healthz: () => service.ask('GET', '/healthz', { as: 'nobody' }),
    listDeadLetters: () => api('GET', 'dead-letters'),
    listDeployments: () => api('GET', `deployments?lane=${LANE}`),
    listErrorGroups: () => api('GET', `error-groups?lane=${LANE}`),
    listLanes: () => api('GET', 'lanes'),
    listMarkers: () => api('GET', `markers?lane=${LANE}&at=2026-01-10T11:00:00Z`),
    postBuild: () => api('POST', 'builds', buildEvent({ version: '1.1.0' })),
    postCommand: () => api('POST', 'commands', { type: 'release', lane: LANE }),
    postErrors: () => api('POST', 'errors', reports('now', 'nobody else')),
    postMarker: () => api('POST', 'markers', { ...marker, liveAt: '2026-01-10T13:00:00Z' }),
    replayDeadLetter: () => api('POST', `dead-letters/builds/${letter}/replay`),
    slackCommands: () => post(service, 'commands', slash(slack.responseUrl, 'history')),
    slackInteractions: () => post(service, 'interactions', payload(click(slack.responseUrl))),
  };
  expect(Object.keys(asked).sort()).toEqual([...disabledIn(settingsOf(files, 'deployer'))].sort());
  for (const [name, ask] of Object.entries(asked)) {
    const { status, text } = await ask();
    expect(status, `${name}: ${text}`).toBeLessThan(300);
  }
  const listOf = (symbol: string): string[] => {
    const value = variable(files, 'storage.bicep', symbol);
    return Array.isArray(value) ? value.map(String) : [];
  };
  const [reads, appends] = [listOf('ingressReads'), listOf('ingressAppends')];
  expect(operationFaults([...tables.seen], reads, appends)).toEqual([]);
}, 120_000);

test.each<[string, string[], string[], string[], string]>([
  ['a table read without the right', ['GET Lanes', 'GET Markers'], ['Lanes'], [], 'GET Markers'],
  ['a table written without the right', ['PUT Lanes'], [], ['Markers'], 'PUT Lanes'],
  ['a row that is deleted', ['DELETE Markers', 'PUT Markers'], ['Markers'], ['Markers'], 'DELETE Markers'],
  ['a table that is made', ['POST Tables'], [], [], 'POST Tables'],
  ['a right to read that nobody uses', ['PUT Markers'], ['Markers'], ['Markers'], 'nobody reads Markers'],
  ['a right to append that nobody uses', ['GET Markers'], ['Markers'], ['Markers'], 'nobody appends to Markers'],
])('planted: %s', (_name, seen, reads, appends, found) => {
  expect(operationFaults(seen, reads, appends).join('\n')).toContain(found);
});
