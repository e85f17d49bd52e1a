import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import host from '../../host.json' with { type: 'json' };
import declaration from '../../infra/local/declaration.json' with { type: 'json' };
import { METRICS } from '../../shared/metrics.ts';
import { readSettings } from '../../shared/settings.ts';
import { alertFaults, samplingFaults } from './alerts.ts';
import { apps, settingsOf } from './apps.ts';
import { type BicepFile, loadGrammar } from './bicep.ts';
import { entityFaults, functionFaults, grantFaults, settingFaults } from './faults.ts';
import { hardeningFaults, secretIn, vaultFaults } from './hardening.ts';
import { roleFaults } from './roles.ts';
import { moduleFaults, nameFaults, secretFaults, syntaxFaults, versionFaults } from './rules.ts';
import {
  folder,
  outcomes,
  parsed,
  type Registered,
  registeredFunctions,
  settingsRead,
  textsOf,
  usedByCode,
} from './the-files.ts';
import { wiringFaults } from './wiring.ts';

let files: BicepFile[];
let registered: Registered[];
beforeAll(async () => {
  await loadGrammar();
  files = parsed(textsOf());
  registered = await registeredFunctions();
});

const functions = () => registered.map(({ name, trigger }) => ({ name, isHttp: trigger.type === 'httpTrigger' }));

describe('the templates', () => {
  test('are Bicep', () => {
    expect(files.length).toBeGreaterThan(10);
    expect(files.flatMap(syntaxFaults)).toEqual([]);
  });

  test('describe each parameter and use what they name', () => expect(files.flatMap(nameFaults)).toEqual([]));
  test('hold no secret, and mark each that comes in', () => expect(files.flatMap(secretFaults)).toEqual([]));
  test('name released versions', () => expect(files.flatMap(versionFaults)).toEqual([]));
  test('give each module what it asks for', () => expect(moduleFaults(files)).toEqual([]));
  test('give each module its own, and to no app what is the other’s', () => expect(wiringFaults(files)).toEqual([]));
  test('assign the roles they name, as it is written down', () => expect(roleFaults(files)).toEqual([]));
  test('let each app read its own secrets and no other', () => expect(vaultFaults(files)).toEqual([]));
  test('leave nothing open that is to be shut', () => expect(hardeningFaults(files)).toEqual([]));
});

describe('one truth', () => {
  test('what is declared on Azure is declared locally, with the same properties, and the other way', () => {
    expect(entityFaults(files, declaration)).toEqual([]);
  });

  test('rights to send and to write are those the code needs', () => {
    expect(grantFaults(files, declaration, usedByCode().sentTo)).toEqual([]);
  });

  test('each function runs in one app, and those that answer HTTP in the ingress', () => {
    expect(functions().length).toBeGreaterThan(30);
    expect(functionFaults(files, functions())).toEqual([]);
  });

  test('each setting that is read is set or has a reason, and the other way', () => {
    expect(settingFaults(files, settingsRead())).toEqual([]);
  });

  test.each(apps)('the settings of the %s can be used, whoever gave little or much', (app) => {
    const whole = readSettings(resolved(settingsOf(files, app)));
    expect(whole.slack.token !== null).toBe(app === 'deployer');
    expect((whole.slack.interactivity?.signingSecrets.length ?? 0) > 0).toBe(app === 'ingress');
    expect(whole.serviceUrl).toBe(app === 'deployer' ? 'https://func-ingress-x.azurewebsites.net' : null);
    const least = readSettings(resolved(settingsOf(files, app, 'only what must be')));
    expect(least.slack).toEqual({ token: null, interactivity: null });
    expect(least.tokens).toEqual([]);
  });
});

/** As the platform hands them to the app: with what the vault holds. */
const held: Record<string, string> = {
  tokens: JSON.stringify([{ name: 'ci', sha256: 'a'.repeat(64), rights: ['deploy'] }]),
  'slack-token': 'xoxb-of-a-test',
  'slack-signing-secret': 'a-signing-secret-of-a-test',
};
const resolved = (settings: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      const secret = secretIn(value);
      return [name, secret === null ? value : (held[secret] ?? value)];
    }),
  );

describe('what is declared is used', () => {
  const { queues, topics } = declaration.serviceBus;
  const triggers = () =>
    registered.flatMap(({ trigger: { queueName, topicName, subscriptionName, isSessionsEnabled } }) => {
      if (typeof queueName === 'string') return [{ from: queueName, sessions: isSessionsEnabled === true }];
      if (typeof topicName !== 'string') return [];
      return [{ from: `${topicName}/${String(subscriptionName)}`, sessions: isSessionsEnabled === true }];
    });
  const entities: [string, object][] = [
    ...Object.entries(queues),
    ...Object.entries(topics).flatMap(([topic, { subscriptions }]) =>
      Object.entries(subscriptions).map(([name, each]): [string, object] => [`${topic}/${name}`, each]),
    ),
  ];
  const said = (sessions: boolean): string => (sessions ? 'sessions' : 'single');

  test('each queue and subscription has its function, with sessions where it has them, and one for what it gives up', () => {
    const listened = triggers().map(({ from, sessions }) => `${from} ${said(sessions)}`);
    const wanted = entities.flatMap(([name, each]) => [
      `${name} ${said('requiresSession' in each)}`,
      `${name}/$DeadLetterQueue single`,
    ]);
    expect(listened.sort()).toEqual(wanted.sort());
  });

  test('messages go where there is something', () => {
    const { sentTo, replayedTo } = usedByCode();
    expect(sentTo.length).toBeGreaterThan(3);
    for (const to of sentTo) expect([...Object.keys(queues), ...Object.keys(topics)]).toContain(to);
    expect(replayedTo.sort()).toEqual([...Object.keys(queues), ...Object.keys(topics)].sort());
    expect([...Object.keys(queues)]).toContain(declaration.eventGrid.queue);
  });

  test('each table and container is opened', () => {
    const { tables, containers } = usedByCode();
    expect(tables.sort()).toEqual([...declaration.storage.tables].sort());
    expect(containers).toEqual(declaration.storage.containers);
  });
});

describe('alerts', () => {
  test('ask for metrics that are written, with what they say', () => {
    expect(outcomes().length).toBeGreaterThan(5);
    expect(alertFaults(files, METRICS, outcomes())).toEqual([]);
  });
});

test('what alerts ask is kept whole: sampling leaves those lines alone', () => {
  expect(samplingFaults(files, host.logging.applicationInsights.samplingSettings.excludedTypes)).toEqual([]);
  expect(samplingFaults(files, 'Trace;Exception')).toEqual([expect.stringContaining('AppRequests')]);
});

const bicep = (process.env.PATH ?? '')
  .split(delimiter)
  .map((path) => join(path, 'bicep'))
  .find((path) => existsSync(path));

test.skipIf(bicep === undefined)('bicep builds and lints them (skipped where there is no bicep on the PATH)', () => {
  const main = join(folder, 'main.bicep');
  for (const what of ['lint', 'build'])
    execFileSync(bicep ?? '', [what, main, ...(what === 'build' ? ['--stdout'] : [])], { stdio: 'pipe' });
});
