import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { laneId } from '../../shared/lane/words.ts';
import type { Log } from '../../shared/ports.ts';
import { createRuntime, type Runtime } from '../../shared/runtime.ts';
import { readSettings } from '../../shared/settings.ts';
import { aMarker, at } from '../contract/builders.ts';
import { type LocalBus, type LocalStorage, startBus, startStorage } from '../local-azure.ts';
import { noScope } from '../ports/no-scope.ts';
import { appsYaml } from './apps-yaml.ts';

const silent: Log = { info: () => undefined, error: () => undefined };
const dir = mkdtempSync(join(tmpdir(), 'warmswap-runtime-'));
const appsFile = join(dir, 'apps.yaml');
let storage: LocalStorage;
let bus: LocalBus;
let runtime: Runtime;
const environment = () => ({
  ServiceBus: bus.connectionString,
  Storage: storage.connectionString,
  WARMSWAP_APPS_FILE: appsFile,
});
beforeAll(async () => {
  writeFileSync(appsFile, appsYaml);
  [storage, bus] = await Promise.all([startStorage(), startBus()]);
  runtime = createRuntime(() => readSettings(environment()), silent, noScope);
});
afterAll(async () => {
  await runtime.close();
  await Promise.all([storage.close(), bus.close()]);
  rmSync(dir, { recursive: true });
});

test('every port speaks to its system', async () => {
  const lane = laneId('storefront', 'production');
  const ports = await runtime.ports();
  const marker = aMarker(lane, 'm1', at('10:00'));
  await ports.markers.put(marker);
  expect(await (await runtime.ports()).markers.get(lane, 'm1')).toEqual(marker);
  expect((await ports.lanes.load(lane)).etag).toBeNull();
  expect(await ports.errors.lanesWithDeltas()).toEqual([]);
  await ports.errorReports.send({ id: 'probe' }, 'probe-1');
  expect(await ports.packages.has('a'.repeat(64) as Parameters<typeof ports.packages.has>[0])).toBe(false);
  expect(ports.messenger).toBeNull();
  expect(ports.apps.lanes()).toEqual([lane]);
  expect(ports.newId()).not.toBe(ports.newId());
});

test('settings that are wrong are read again at the next call', async () => {
  let broken = true;
  const other = createRuntime(() => readSettings(broken ? {} : environment()), silent, noScope);
  await expect(other.settings()).rejects.toThrow(/not usable/);
  await expect(other.ports()).rejects.toThrow(/not usable/);
  await expect(other.usable()).rejects.toThrow(/not usable/);
  broken = false;
  expect((await other.ports()).stopped).toBe(false);
});

test("a broken owner's file is unhealthy, and named", async () => {
  const broken = join(dir, 'broken.yaml');
  writeFileSync(broken, 'apps: [');
  const other = createRuntime(() => readSettings({ ...environment(), WARMSWAP_APPS_FILE: broken }), silent, noScope);
  await expect(other.usable()).rejects.toThrow('the apps file');
  await expect(other.ports()).rejects.toThrow(/broken\.yaml/);
  writeFileSync(broken, appsYaml);
  await other.usable();
});

const LIBRARIES = ['data-tables', 'service-bus', 'storage-blob', 'arm-appservice', 'identity', 'web-api'];

/** The libraries a file of the bundle loads, with everything it imports at once. */
function loadedWith(outputs: Metafile['outputs'], file: string, seen = new Set<string>()): Set<string> {
  const output = outputs[file];
  if (output === undefined || seen.has(file)) return new Set();
  seen.add(file);
  const own = Object.keys(output.inputs).flatMap((input) =>
    LIBRARIES.filter((library) => new RegExp(`node_modules/@(azure|slack)/${library}/`).test(input)),
  );
  const others = output.imports
    .filter(({ kind, external }) => kind !== 'dynamic-import' && external !== true)
    .flatMap(({ path }) => [...loadedWith(outputs, path, seen)]);
  return new Set([...own, ...others]);
}

test('one chunk per outside system: starting loads none, and the tables are loaded without any other', async () => {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL('../../shared/runtime.ts', import.meta.url))],
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    outdir: dir,
    logLevel: 'silent',
  });
  const { outputs } = metafile;
  const fileOf = (source: string): string => {
    const found = Object.keys(outputs).find((file) => outputs[file]?.entryPoint?.endsWith(source));
    if (found === undefined) throw new Error(`${source} has no chunk of its own`);
    return found;
  };
  const loaded = (source: string): string[] => [...loadedWith(outputs, fileOf(source))].sort();
  expect(loaded('shared/runtime.ts')).toEqual([]);
  expect(loaded('apps-file/apps.ts')).toEqual([]);
  expect(loaded('tables/stores.ts')).toEqual(['data-tables']);
  expect(loaded('service-bus/senders.ts')).toEqual(['service-bus']);
  expect(loaded('blobs/connect.ts')).toEqual(['storage-blob']);
  expect(loaded('app-service/site-port.ts')).toEqual(['arm-appservice']);
  expect(loaded('identity/credential.ts')).toEqual(['identity']);
  expect(loaded('slack/connect.ts')).toEqual(['web-api']);
});
