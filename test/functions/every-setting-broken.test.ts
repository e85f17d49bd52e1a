import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../infra/local/root.ts';
import { appsYaml } from './apps-yaml.ts';
import type { LoadedUnder } from './loaded-under.ts';

/** No fault of configuration hides the functions: each is loaded in a process of its own, as a worker would load it. */

const dir = mkdtempSync(join(tmpdir(), 'warmswap-settings-'));
const script = join(dir, 'loaded-under.mjs');
const SECRET = 'hunter2-of-a-setting';
const file = (name: string, contents: string | Uint8Array): string => {
  writeFileSync(join(dir, name), contents);
  return join(dir, name);
};

const good: Readonly<Record<string, string>> = {
  ServiceBus: `Endpoint=sb://127.0.0.1;SharedAccessKeyName=app;SharedAccessKey=${SECRET};UseDevelopmentEmulator=true`,
  Storage: `AccountName=devstoreaccount1;AccountKey=${SECRET};TableEndpoint=http://127.0.0.1:1/a;BlobEndpoint=http://127.0.0.1:1/a`,
  WARMSWAP_APPS_FILE: file('apps.yaml', appsYaml),
};
let names: string[];

/** The output with it: what the app prints by itself is a log too. */
async function loadedUnder(env: object, after?: object): Promise<LoadedUnder & { output: string }> {
  const args = [script, join(root, 'dist/app'), ...(after === undefined ? [] : [JSON.stringify(after)])];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: dir, env: { ...env } });
  const lines = stdout.trimEnd().split('\n');
  const said = JSON.parse(lines.pop() ?? '') as LoadedUnder;
  return { ...said, output: [...lines, stderr, ...said.log].join('\n') };
}

beforeAll(async () => {
  const entryPoints = [join(root, 'test/functions/loaded-under.ts')];
  await build({ entryPoints, outfile: script, bundle: true, platform: 'node', format: 'esm', target: 'node20' });
  const healthy = await loadedUnder(good);
  expect([healthy.health.status, healthy.log]).toEqual([200, []]);
  ({ names } = healthy);
  expect(names).toEqual(expect.arrayContaining(['healthz', 'postErrors', 'buildCompleted', 'laneInput', 'sweep']));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const reference = `@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/${SECRET})`;
/** Each setting with values it cannot have; what the log says of them besides the setting's name. */
const broken: [setting: string, value: string | null, says: string][] = [
  ['ServiceBus', null, 'is missing'],
  ['ServiceBus', '  ', 'is missing'],
  ['ServiceBus', SECRET, 'no Service Bus connection string'],
  ['ServiceBus__fullyQualifiedNamespace', 'example.servicebus.windows.net', 'keep one of them'],
  ['Storage', null, 'is missing'],
  ['Storage', SECRET, 'no storage connection string'],
  ['Storage__tableServiceUri', 'https://example.table.core.windows.net', 'keep one of them'],
  ['Storage__blobServiceUri', `ftp://${SECRET}`, 'https address'],
  ['AZURE_CLIENT_ID', reference, 'not resolved'],
  ['WARMSWAP_APPS_FILE', null, 'is missing'],
  ['WARMSWAP_TOKENS', `{${SECRET}`, 'is not JSON'],
  ['WARMSWAP_TOKENS', `[{"name":"ci","sha256":"${SECRET}","rights":["fly"]}]`, '[0].sha256'],
  ['WARMSWAP_SLACK_TOKEN', reference, 'not resolved'],
  ['WARMSWAP_SLACK_API_URL', `http://${SECRET}.example`, 'https address'],
  ['WARMSWAP_SLACK_SIGNING_SECRET', SECRET, ''],
  ['WARMSWAP_SLACK_TEAM_ID', SECRET, ''],
  ['WARMSWAP_SLACK_APP_ID', SECRET, ''],
  ['WARMSWAP_STOP', SECRET, 'true or false'],
  ['WARMSWAP_STOP', 'TRUE', 'true or false'],
  ['WARMSWAP_ARM_ENDPOINT', SECRET, 'https address'],
  ['WARMSWAP_PROFILE', SECRET, 'azure or test'],
  ['WARMSWAP_PROFILE', 'test', 'local Azure only'],
  ['WARMSWAP_TIMING', SECRET, 'is not JSON'],
  ['WARMSWAP_TIMING', '{"quietMs":1}', ''],
  ['WARMSWAP_ALLOWED_NETWORKS', SECRET, ''],
  ['WARMSWAP_SERVICE_URL', SECRET, 'https address'],
  ['WARMSWAP_MISSPELT', SECRET, 'is not a setting we know'],
];

/** The list in settings.ts, read as text: a setting that is added there needs its rows here. */
const ours = [
  ...(/const OURS = \[([^\]]*)\]/.exec(readFileSync(join(root, 'shared/settings.ts'), 'utf8'))?.[1] ?? '').matchAll(
    /'(\w+)'/g,
  ),
].map(([, name]) => `WARMSWAP_${name}`);

test('every setting has a row', () => {
  expect(ours.length).toBeGreaterThan(10);
  expect(ours.filter((name) => !broken.some(([setting]) => setting === name))).toEqual([]);
});

const without = (setting: string): Record<string, string> =>
  Object.fromEntries(Object.entries(good).filter(([name]) => name !== setting));

async function isNamed(env: object, texts: string[]): Promise<void> {
  const { names: registered, health, output } = await loadedUnder(env);
  expect(registered).toEqual(names);
  expect(health).toEqual({ status: 503, body: 'not ok\n' });
  for (const text of texts) expect(output).toContain(text);
  expect(output).not.toContain(SECRET);
}

describe.concurrent('with one setting broken every function is registered, the fault is named and no value is shown', () => {
  test.each(broken)('%s: %s', (setting, value, says) =>
    isNamed(value === null ? without(setting) : { ...good, [setting]: value }, [setting, says]),
  );

  test.each([...ours, ...Object.keys(good)].map((name) => [name]))(
    '%s as a Key Vault reference that nobody resolved',
    (setting) => isNamed({ ...good, [setting]: reference }, [setting, 'Key Vault reference that was not resolved']),
  );

  test('all of them at once', () => {
    const all = Object.fromEntries([...ours, ...Object.keys(good)].map((name) => [name, SECRET]));
    return isNamed(all, [
      'ServiceBus',
      'Storage',
      'WARMSWAP_TOKENS',
      'WARMSWAP_STOP',
      'WARMSWAP_TIMING',
      'WARMSWAP_PROFILE',
    ]);
  });
});

/** Its own link: no user, not even root, can read it. */
const unreadable = (): string => {
  symlinkSync('loop.yaml', join(dir, 'loop.yaml'));
  return join(dir, 'loop.yaml');
};
const utf16 = new Uint8Array(Buffer.from(`\ufeff${appsYaml}`, 'utf16le'));

describe.concurrent('with an owner’s file that cannot be used it is the same', () => {
  test.each<[string, () => string, string]>([
    ['missing', () => join(dir, 'nowhere.yaml'), 'ENOENT'],
    ['a folder', () => dir, 'EISDIR'],
    ['not readable', unreadable, 'ELOOP'],
    ['empty', () => file('empty.yaml', ''), 'the file is empty'],
    ['nothing but a byte order mark', () => file('mark.yaml', '\ufeff'), 'the file is empty'],
    ['huge', () => file('huge.yaml', `# ${SECRET}\n`.repeat(100_000)), 'longer than 500000 characters'],
    ['no YAML', () => file('broken.yaml', `apps: { ${SECRET}: [`), 'not readable as YAML'],
    ['of another encoding', () => file('utf16.yaml', utf16), 'save it again as UTF-8'],
    ['not of this shape', () => file('shape.yaml', `apps:\n  shop: { mode: ${SECRET} }\n`), 'apps.shop'],
    ['without an app', () => file('none.yaml', 'apps: {}\n'), 'apps'],
  ])('%s', (_, path, says) => isNamed({ ...good, WARMSWAP_APPS_FILE: path() }, ['the apps file', says]));

  test('a byte order mark before a good one does no harm', async () => {
    const marked = file('marked.yaml', `\ufeff${appsYaml}`);
    const { health, log } = await loadedUnder({ ...good, WARMSWAP_APPS_FILE: marked });
    expect([health.status, log]).toEqual([200, []]);
  });
});

test('loading the app reads no setting: nothing of the environment that is ours or the platform’s', async () => {
  const { readAtImport } = await loadedUnder(good);
  // Node's own loader asks for this one at its first import.
  expect(readAtImport.filter((name) => name !== 'WATCH_REPORT_DEPENDENCIES')).toEqual([]);
});

test('a worker that was started before its settings were there uses those it is given then', async () => {
  const { names: registered, health, healthAfter } = await loadedUnder({ WEBSITE_PLACEHOLDER_MODE: '1' }, good);
  expect(registered).toEqual(names);
  expect([health.status, healthAfter?.status]).toEqual([503, 200]);
  const swapped = await loadedUnder({ ...good, WARMSWAP_STOP: SECRET }, good);
  expect([swapped.health.status, swapped.healthAfter?.status]).toEqual([503, 200]);
});
