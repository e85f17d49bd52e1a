import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import declaration from '../../infra/local/declaration.json' with { type: 'json' };
import { root } from '../../infra/local/root.ts';
import { METRICS } from '../../shared/metrics.ts';
import { readSettings } from '../../shared/settings.ts';
import { decodeBuildCompleted } from '../../shared/wire/builds/warmswap.ts';
import { parseApps } from '../../shared/wire/policy/apps-file.ts';
import { describedRoutes } from './description.ts';
import { anchorsIn, blocksIn, codesIn, documentAt, documents } from './documents.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const readme = documentAt('README.md');

/** The codes in the first column of the table that begins with this head. */
function tableIn(text: string, head: string): string[] {
  const lines = text.slice(text.indexOf(head)).split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(2, end).flatMap((line) => codesIn(line.split(' | ')[0] ?? ''));
}

/** Every link that leads nowhere. */
function brokenLinks(path: string, text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, to = '']) => {
    if (/^https:\/\//.test(to)) return [];
    const [file = '', anchor] = to.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(root, target))) return [to];
    return anchor === undefined || anchorsIn(read(target)).includes(anchor) ? [] : [to];
  });
}

/** Paths of this repository that are named and not there; what a command makes is not one. */
const missingFiles = (text: string): string[] =>
  codesIn(text).filter(
    (code) => /^(?:docs|functions|infra|shared|test|\.ci)\/[\w./-]+$/.test(code) && !existsSync(join(root, code)),
  );

test.each(documents)('$path leads to what is there', ({ path, text }) => {
  expect(brokenLinks(path, text)).toEqual([]);
  expect(missingFiles(text)).toEqual([]);
});

test('planted: a link, an anchor and a file that are not there are found', () => {
  const text =
    '[a](docs/none.md) [b](docs/slack.md#none) [c](#none) `infra/none.ts` [d](LICENSE) `infra/azure`\n# None of it';
  expect(brokenLinks('README.md', text)).toEqual(['docs/none.md', 'docs/slack.md#none', '#none']);
  expect(missingFiles(text)).toEqual(['infra/none.ts']);
});

test('each example is read by what reads it in the service', () => {
  const found = documents.flatMap(({ text }) => blocksIn(text));
  const yaml = found.filter(({ language }) => language === 'yaml').map(({ body }) => parseApps(body));
  expect(yaml.map((one) => (one.ok ? 'read' : one.why))).toEqual(['read', 'read']);
  const json = found.filter(({ language }) => language === 'json').map(({ body }) => decodeBuildCompleted(body));
  expect(json.map((one) => (one.ok ? 'read' : one.why))).toEqual(['read']);
  const known = new Set(['', 'sh', 'text', 'kusto', 'yaml', 'json']);
  expect(found.filter(({ language }) => !known.has(language))).toEqual([]);
});

test('the example of tokens is read as the setting it is', () => {
  const example = codesIn(readme).find((code) => code.startsWith('[{ "name"')) ?? '';
  const env = {
    ServiceBus: 'Endpoint=sb://x/',
    Storage: 'UseDevelopmentStorage=true',
    WARMSWAP_APPS_FILE: 'apps.yaml',
  };
  const hash = 'a'.repeat(64);
  expect(readSettings({ ...env, WARMSWAP_TOKENS: example.replaceAll('…', hash) }).tokens).toHaveLength(1);
});

test('every setting is in the table, and nothing else is', () => {
  const [, list = ''] = /const OURS = \[([^\]]*)\]/.exec(read('shared/settings.ts')) ?? [];
  const ours = [...list.matchAll(/'(\w+)'/g)].map(([, name]) => `WARMSWAP_${name}`);
  expect(ours.length).toBeGreaterThan(10);
  const told = tableIn(readme, '| setting | what |');
  expect(told.filter((name) => name.startsWith('WARMSWAP_')).sort()).toEqual(ours.sort());
  for (const name of told.filter((one) => !one.startsWith('WARMSWAP_')))
    expect(read('shared/settings.ts')).toContain(`'${name}'`);
  const parameters = read('infra/azure/main.parameters.json') + read('infra/azure/main.bicep');
  for (const { path, text } of documents)
    for (const [name] of text.matchAll(/\bWARMSWAP_\w+/g))
      expect(ours.includes(name) || parameters.includes(name), `${path}: ${name}`).toBe(true);
});

test('every route is in the table, and nothing else is', () => {
  const told = tableIn(readme, '| under `/api/v1` | what |').filter((code) => /^(GET|POST) /.test(code));
  const under = describedRoutes
    .filter((route) => route.includes(' /api/v1/'))
    .map((route) => route.replace('/api/v1/', ''));
  expect(told.sort()).toEqual(under.sort());
  for (const route of describedRoutes.filter(
    (one) => one.startsWith('GET') && !under.includes(one.replace('/api/v1/', '')),
  ))
    expect(readme).toContain(`\`${route}\``);
});

test('every alert has its section, and every section its alert', () => {
  const alerts = [...read('infra/azure/alerts.bicep').matchAll(/name: '(warmswap-[a-z-]+)'/g)].map(([, name]) => name);
  const sections = [...documentAt('docs/operations.md').matchAll(/^### `(warmswap-[a-z-]+)`$/gm)].map(
    ([, name]) => name,
  );
  expect(sections.length).toBeGreaterThan(3);
  // The group of people who are told is no alert.
  expect(sections.sort()).toEqual(alerts.filter((name) => name !== 'warmswap-people').sort());
});

test('every metric a query asks for is one', () => {
  const asked = documents.flatMap(({ text }) =>
    [...text.matchAll(/line\.metric\) == '([^']+)'/g)].map(([, name]) => name),
  );
  expect(asked.length).toBeGreaterThan(0);
  for (const name of asked) expect(Object.keys(METRICS)).toContain(name);
});

test('what data is kept where names every table and container', () => {
  const told = tableIn(documentAt('docs/security.md'), '| where | what of people | for how long |');
  expect(told.sort()).toEqual([...declaration.storage.tables, ...declaration.storage.containers].sort());
});

test('every dependency that is deployed has its reason', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  expect(tableIn(readme, '| in the deployed bundle | why |').sort()).toEqual(Object.keys(dependencies ?? {}).sort());
  const told = tableIn(documentAt('CONTRIBUTING.md'), '| for development | why |');
  const reasonless = Object.keys(devDependencies ?? {}).filter(
    (name) => !told.includes(name) && !name.startsWith('@types/'),
  );
  expect(reasonless).toEqual([]);
});

test('functions that are named are registered', () => {
  const registered = ['functions/http/routes.ts', 'functions/queue/queues.ts', 'functions/timer/timers.ts']
    .map(read)
    .join('\n');
  const named = documents
    .flatMap(({ text }) => codesIn(text))
    .filter((code) => /^(slack|drain|get|post|list)[A-Z]\w+$/.test(code));
  expect(named.length).toBeGreaterThan(1);
  for (const name of named) expect(registered).toContain(`'${name}'`);
});
