import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type Metafile, transform } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../infra/local/root.ts';

/** The folder as it would be deployed: elsewhere, with nothing around it. */
const dir = mkdtempSync(join(tmpdir(), 'warmswap-package-'));
const appDir = join(dir, 'app');
const script = join(dir, 'registered.mjs');
const read = (file: string): unknown => JSON.parse(readFileSync(join(appDir, file), 'utf8'));

interface Registered {
  name: string;
  trigger: Record<string, unknown> & { type: string };
}
let registered: Registered[];

beforeAll(async () => {
  cpSync(join(root, 'dist/app'), appDir, { recursive: true });
  const entryPoints = [join(root, 'test/package/registered.ts')];
  await build({ entryPoints, outfile: script, bundle: true, platform: 'node', format: 'esm', target: 'node20' });
  // No setting is there: none may be read before the functions are registered.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, appDir], { cwd: dir, env: {} });
  expect(stderr).toBe('');
  registered = JSON.parse(stdout) as Registered[];
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('its package.json names the entry point and asks for no other package', () => {
  const { main, type, ...others } = read('package.json') as Record<string, unknown>;
  expect(type).toBe('module');
  // The worker takes it for a pattern and loads what matches.
  expect(main).toMatch(/^[\w./-]+$/);
  expect(existsSync(join(appDir, String(main)))).toBe(true);
  expect(Object.keys(others).sort()).toEqual(['name', 'version']);
});

/** CommonJS has no `await` at the top of a file: turned into it, one is an error. */
const asCommonJs = (code: string) => transform(code, { format: 'cjs', logOverride: { 'empty-import-meta': 'silent' } });

test('no file of it waits while it is loaded: a start cannot hang', async () => {
  await expect(asCommonJs('await fetch("http://127.0.0.1");')).rejects.toThrow('Top-level await');
  const { outputs } = JSON.parse(readFileSync(join(root, 'dist/app-meta.json'), 'utf8')) as Metafile;
  const files = Object.keys(outputs);
  expect(files.length).toBeGreaterThan(30);
  for (const file of files) await asCommonJs(readFileSync(join(root, file), 'utf8'));
});

test('its host.json is ours: batches, sessions and no route prefix', () => {
  expect(read('host.json')).toEqual(JSON.parse(readFileSync(join(root, 'host.json'), 'utf8')));
});

const of = (type: string): Registered[] => registered.filter(({ trigger }) => trigger.type === type);

test('it registers a function for every queue, subscription and dead-letter queue', () => {
  const listens = ({
    name,
    trigger: { queueName, topicName, subscriptionName, isSessionsEnabled, cardinality },
  }: Registered) =>
    [
      name,
      queueName ?? `${String(topicName)}/${String(subscriptionName)}`,
      ...(isSessionsEnabled === true ? ['sessions'] : []),
      ...(cardinality === 'many' ? ['many'] : []),
    ].join(' ');
  expect(of('serviceBusTrigger').map(listens).sort()).toEqual([
    'buildCompleted builds',
    'drainBuilds builds/$DeadLetterQueue',
    'drainErrorReports error-reports/$DeadLetterQueue',
    'drainLanes lanes/$DeadLetterQueue',
    'drainPackages packages/$DeadLetterQueue',
    'drainSiteEvents site-events/$DeadLetterQueue',
    'drainSlack deployment-events/slack/$DeadLetterQueue',
    'errorReports error-reports many',
    'laneInput lanes sessions',
    'notice deployment-events/slack sessions',
    'packageOrder packages',
    'siteEvent site-events',
  ]);
});

test('every function can be disabled by a setting on Linux: its name holds letters alone', () => {
  for (const { name } of registered) expect(name).toMatch(/^[a-zA-Z]+$/);
});

test('it registers the timers', () => {
  expect(
    of('timerTrigger')
      .map(({ name, trigger }) => `${name} ${String(trigger.schedule)}`)
      .sort(),
  ).toEqual(['digest 0 0 7 * * *', 'fold 30 * * * * *', 'forget 0 23 3 * * *', 'sweep 0 * * * * *']);
});

test('it registers every route, anonymous to the platform: its own tokens and signatures decide', () => {
  const routes = of('httpTrigger').map(({ trigger: { methods, route } }) => `${String(methods)} ${String(route)}`);
  expect(routes.sort()).toEqual([
    'GET api/v1/dead-letters',
    'GET api/v1/dead-letters/{source}/{id}',
    'GET api/v1/deployments',
    'GET api/v1/deployments/{lane}/{id}',
    'GET api/v1/deployments/{lane}/{id}/journal',
    'GET api/v1/error-groups',
    'GET api/v1/inputs/{id}',
    'GET api/v1/lanes',
    'GET api/v1/lanes/{lane}',
    'GET api/v1/markers',
    'GET api/v1/markers/{lane}/{id}',
    'GET api/v1/openapi.json',
    'GET api/v1/release-process',
    'GET healthz',
    'POST api/v1/builds',
    'POST api/v1/commands',
    'POST api/v1/dead-letters/{source}/{id}/replay',
    'POST api/v1/error-groups/{lane}/{fingerprint}',
    'POST api/v1/errors',
    'POST api/v1/markers',
    'POST slack/commands',
    'POST slack/interactions',
  ]);
  expect(new Set(of('httpTrigger').map(({ trigger }) => trigger.authLevel))).toEqual(new Set(['anonymous']));
});
