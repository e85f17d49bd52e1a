import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Metafile } from 'esbuild';
import { bundledPackages } from './bundled.ts';
import type { Lock } from './lock.ts';
import { noticesOf } from './notices.ts';
import { CannotPackage, readOwnersFile } from './owners-file.ts';
import { sbomOf } from './sbom.ts';
import { shares, tableOf } from './shares.ts';
import { compressedSizes, zipOf } from './zip.ts';

/** The app as it was bundled; see app.mjs. */
export interface App {
  files: Readonly<Record<string, Uint8Array>>;
  metafile: Metafile;
  version: string;
}

/** The owner's file is not counted: how large it is, is the owner's business. */
const MOST_BYTES = 800_000;

/**
 * Writes into `--out` (dist): the folder `package`, which is what goes to Azure, the same as a zip, its SHA-256 and its bill of materials.
 * With `--apps` the owner's file is in it as apps.yaml. Throws CannotPackage for what the person who runs it can mend.
 */
export async function packageApp(root: string, bundle: () => Promise<App>, args: string[]): Promise<void> {
  const { out, apps } = optionsOf(root, args);
  const owners = apps === undefined ? null : readOwnersFile(apps);
  const app = await bundle();
  const lock = (JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Lock }).packages;
  const { packages, faults } = bundledPackages(app.metafile, lock);
  if (faults.length > 0) throw new CannotPackage(`the bundle must not be deployed:\n  ${faults.join('\n  ')}`);

  const files: Record<string, Uint8Array> = {
    ...app.files,
    LICENSE: readFileSync(join(root, 'LICENSE')),
    'THIRD-PARTY-NOTICES.txt': Buffer.from(noticesOf(packages, root)),
    ...(owners === null ? {} : { 'apps.yaml': owners }),
  };
  const zip = zipOf(files);
  const name = `warmswap-${app.version}`;
  const sha256 = createHash('sha256').update(zip).digest('hex');
  writeFolder(join(out, 'package'), files);
  writeFileSync(join(out, `${name}.zip`), zip);
  writeFileSync(join(out, `${name}.zip.sha256`), `${sha256}  ${name}.zip\n`);
  const sbom = sbomOf({ version: app.version, zip }, packages, lock);
  writeFileSync(join(out, `${name}.cdx.json`), `${JSON.stringify(sbom, null, 2)}\n`);

  const compressed = compressedSizes(zip);
  console.log(`${tableOf(shares(files, app.metafile, { bytes: zip.length, compressed }))}\n`);
  console.log(`${join(out, `${name}.zip`)}: ${zip.length} bytes, sha256 ${sha256}`);
  console.log(`${join(out, 'package')}: the same, unpacked${owners === null ? '; without an apps.yaml' : ''}`);
  const own = zip.length - (compressed.get('apps.yaml') ?? 0);
  if (own > MOST_BYTES) throw new CannotPackage(`the zip has ${own} bytes; it may have ${MOST_BYTES}`);
}

function optionsOf(root: string, args: string[]): { out: string; apps: string | undefined } {
  try {
    const { values } = parseArgs({ args, options: { out: { type: 'string' }, apps: { type: 'string' } } });
    return { out: resolve(values.out ?? join(root, 'dist')), apps: values.apps };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CannotPackage(`${why}\nusage: npm run package -- [--apps apps.yaml] [--out DIR]`, { cause });
  }
}

/** Clean: what an earlier build left would be deployed as well. */
function writeFolder(folder: string, files: Readonly<Record<string, Uint8Array>>): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), contents);
  }
}
