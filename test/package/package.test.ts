import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Unzipped, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../infra/local/root.ts';
import type { Bom } from './bom.ts';
import { bomFaults } from './bom.ts';
import { copyTree } from './copied-tree.ts';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const ZIP = `warmswap-${version}.zip`;
const SBOM = `warmswap-${version}.cdx.json`;

const dir = mkdtempSync(join(tmpdir(), 'warmswap-zip-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
  out: string;
}

/** `npm run package` in a tree, into a folder of its own. */
function packaged(name: string, args: string[], { tree = root, umask = '022', TZ = 'UTC' } = {}): Ran {
  const out = join(dir, name);
  mkdirSync(out, { recursive: true });
  const command = `umask ${umask}; exec "$0" "$@"`;
  const tool = join(tree, 'infra/package/package.mjs');
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command, process.execPath, tool, '--out', out, ...args], {
    cwd: tree,
    encoding: 'utf8',
    env: { ...process.env, TZ },
  });
  return { status, stdout, stderr, out };
}

let plain: Ran;
let zip: Buffer;
let files: Unzipped;
beforeAll(() => {
  mkdirSync(join(dir, 'plain/package'), { recursive: true });
  writeFileSync(join(dir, 'plain/package/stale.js'), 'left by an earlier build');
  plain = packaged('plain', []);
  expect([plain.status, plain.stderr]).toEqual([0, '']);
  zip = readFileSync(join(plain.out, ZIP));
  files = unzipSync(zip);
});

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

test('the zip has at most 0.8 MB, and its hash lies beside it', () => {
  expect(zip.length).toBeLessThanOrEqual(800_000);
  const sha256 = createHash('sha256').update(zip).digest('hex');
  expect(readFileSync(join(plain.out, `${ZIP}.sha256`), 'utf8')).toBe(`${sha256}  ${ZIP}\n`);
  expect(plain.stdout).toContain(`${zip.length} bytes, sha256 ${sha256}`);
});

test('the folder that is deployed holds what the zip holds and nothing an earlier build left', () => {
  const folder = join(plain.out, 'package');
  expect(filesIn(folder)).toEqual(Object.keys(files).sort());
  for (const [name, contents] of Object.entries(files))
    expect(readFileSync(join(folder, name)).equals(contents), name).toBe(true);
});

test('it holds the app, the licences and no apps.yaml', () => {
  const others = Object.keys(files).filter((name) => !/^chunks\/[\w-]+\.js$/.test(name));
  expect(others.sort()).toEqual(['LICENSE', 'THIRD-PARTY-NOTICES.txt', 'host.json', 'main.js', 'package.json']);
  const read = (name: string): unknown => JSON.parse(Buffer.from(files[name] ?? []).toString());
  expect(read('package.json')).toEqual({ name: 'warmswap', version, type: 'module', main: 'main.js' });
  expect(read('host.json')).toEqual(JSON.parse(readFileSync(join(root, 'host.json'), 'utf8')));
});

test('no file names a folder of the machine it was made on', () => {
  const text = Object.values(files)
    .map((contents) => Buffer.from(contents).toString('latin1'))
    .join('\n');
  for (const place of [root, dir, tmpdir()]) expect(text.includes(`${place}/`), place).toBe(false);
});

test('the shares of the dependencies are printed, and their sums are the zip and the files', () => {
  const rows = plain.stdout.split('\n').flatMap((line) => {
    const row = /^(\S.*?)\s{2,}(\d+)\s+[\d.]+ %\s+(\d+)$/.exec(line);
    return row === null ? [] : [{ of: row[1] ?? '', zipped: Number(row[2]), raw: Number(row[3]) }];
  });
  const shares = rows.slice(0, -1);
  const sum = (one: 'zipped' | 'raw'): number => shares.reduce((bytes, row) => bytes + row[one], 0);
  const raw = Object.values(files).reduce((bytes, { length }) => bytes + length, 0);
  expect([sum('zipped'), sum('raw')]).toEqual([zip.length, raw]);
  expect(rows.at(-1)).toEqual({ of: 'together', zipped: zip.length, raw });
  const bom = JSON.parse(readFileSync(join(plain.out, SBOM), 'utf8')) as Bom;
  const names = new Set(bom.components.map(({ group, name }) => (group === undefined ? name : `${group}/${name}`)));
  expect(
    shares
      .map(({ of }) => of)
      .filter((of) => !names.has(of))
      .sort(),
  ).toEqual(['bundle and zip around it', 'own code', 'texts beside it']);
  expect(shares.filter(({ of }) => names.has(of)).length).toBe(names.size);
});

describe('the bill of materials', () => {
  const bom = (): Bom => JSON.parse(readFileSync(join(plain.out, SBOM), 'utf8')) as Bom;

  test('keeps the rules of CycloneDX, names the zip by its hash, and has a licence and a hash for everything', () => {
    expect(bomFaults(bom())).toEqual([]);
    expect(bom().metadata.component.hashes).toEqual([
      { alg: 'SHA-256', content: createHash('sha256').update(zip).digest('hex') },
    ]);
  });

  test.each<[string, (bom: Bom) => void]>([
    ['a reference to nothing', (one) => one.dependencies[0]?.dependsOn.push('pkg:npm/nothing@1.0.0')],
    ['a name given twice', (one) => one.components.push(structuredClone(one.components[0] as Bom['components'][0]))],
    ['a hash of the wrong length', (one) => Object.assign(one.components[0]?.hashes[0] ?? {}, { content: 'abc' })],
    ['a component nothing leads to', (one) => one.dependencies.splice(0, one.dependencies.length - 1)],
    ['a purl of another version', (one) => Object.assign(one.components[0] ?? {}, { version: '0.0.0' })],
  ])('%s would be found', (_, plant) => {
    const planted = bom();
    plant(planted);
    expect(bomFaults(planted)).not.toEqual([]);
  });

  test('every package in it has its licence in the notices', () => {
    const notices = Buffer.from(files['THIRD-PARTY-NOTICES.txt'] ?? []).toString();
    expect(bom().components.length).toBeGreaterThan(40);
    for (const { group, name, version: of, licenses } of bom().components) {
      const full = group === undefined ? name : `${group}/${name}`;
      expect(notices).toContain(`${full} ${of} (${licenses[0]?.license.id})\n`);
    }
  });
});

test('made again elsewhere, from copies, in another time zone and under another umask, every byte is the same', {
  timeout: 240_000,
}, () => {
  const tree = join(dir, 'elsewhere/a tree');
  const { inputs } = JSON.parse(readFileSync(join(root, 'dist/app-meta.json'), 'utf8')) as { inputs: object };
  copyTree(tree, Object.keys(inputs));
  const again = packaged('again', [], { tree, umask: '077', TZ: 'Pacific/Kiritimati' });
  expect([again.status, again.stderr]).toEqual([0, '']);
  for (const name of [ZIP, `${ZIP}.sha256`, SBOM])
    expect(readFileSync(join(again.out, name)).equals(readFileSync(join(plain.out, name))), name).toBe(true);

  // Not equal by having taken nothing from there: one letter more in the copy is seen.
  const main = join(tree, 'functions/main.ts');
  writeFileSync(main, `${readFileSync(main, 'utf8')}\nconsole.debug('planted');\n`);
  const planted = packaged('planted', [], { tree });
  expect(planted.status).toBe(0);
  expect(readFileSync(join(planted.out, ZIP)).equals(zip)).toBe(false);
});

describe('--apps', () => {
  const given = (name: string, text: string): string => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };

  test('a good file is in the zip and the folder as apps.yaml, byte for byte', () => {
    const apps = join(root, 'apps.example.yaml');
    const ran = packaged('with-apps', ['--apps', apps]);
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    const owners = readFileSync(apps);
    expect(owners.equals(unzipSync(readFileSync(join(ran.out, ZIP)))['apps.yaml'] ?? new Uint8Array())).toBe(true);
    expect(readFileSync(join(ran.out, 'package/apps.yaml')).equals(owners)).toBe(true);
  });

  test.each([
    ['a missing one', () => join(dir, 'nowhere.yaml'), ['nowhere.yaml', 'cannot be read (ENOENT)']],
    ['a folder', () => dir, ['cannot be read (EISDIR)']],
    ['an empty one', () => given('empty.yaml', ''), ['empty.yaml', 'the file is empty']],
    ['one that is no YAML', () => given('broken.yaml', 'apps: {'), ['broken.yaml', 'not readable as YAML']],
    [
      'one with two faults',
      () => given('faults.yaml', 'apps:\n  shop: { environments: { a: { mode: fly } } }\n  desk: {}\n'),
      ['apps.shop', 'apps.desk'],
    ],
  ])('%s is refused with what is wrong, and nothing is made', (name, file, says) => {
    const ran = packaged(`refused ${name}`, ['--apps', file()]);
    expect(ran.status).toBe(1);
    for (const text of says) expect(ran.stderr).toContain(text);
    expect(ran.stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(join(ran.out, ZIP))).toBe(false);
  });

  test('an option it does not know is named, with how it is used', () => {
    const ran = packaged('refused option', ['--app', 'apps.yaml']);
    expect([ran.status, existsSync(join(ran.out, ZIP))]).toEqual([1, false]);
    expect(ran.stderr).toContain("'--app'");
    expect(ran.stderr).toContain('usage: npm run package');
  });
});
