import { createHash } from 'node:crypto';
import type { Bundled } from './bundled.ts';
import { dependenciesOf, type Lock } from './lock.ts';

/** What the list is of: the zip. */
export interface Packaged {
  version: string;
  zip: Uint8Array;
}

/**
 * The bill of materials in CycloneDX 1.6: what is in the bundle and nothing else, the same text for the same package (no time, no random
 * number). Versions, licences and hashes are those of the lock file.
 */
export function sbomOf({ version, zip }: Packaged, packages: readonly Bundled[], lock: Lock): object {
  const sha256 = createHash('sha256').update(zip).digest('hex');
  const own = purlOf('warmswap', version);
  const byFolder = new Map(packages.map((each) => [each.folder, purlOf(each.name, each.version)]));
  const byPurl = new Map(packages.map((each) => [purlOf(each.name, each.version), each]));
  const dependsOn = new Map([[own, inBundle(lock, '', byFolder)]]);
  for (const [folder, purl] of byFolder)
    dependsOn.set(purl, new Set([...(dependsOn.get(purl) ?? []), ...inBundle(lock, folder, byFolder)]));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(sha256)}`,
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': own,
        name: 'warmswap',
        version,
        licenses: [{ license: { id: 'MIT' } }],
        purl: own,
        hashes: [{ alg: 'SHA-256', content: sha256 }],
      },
    },
    components: [...byPurl].sort(byFirst).map(([purl, each]) => ({
      type: 'library',
      'bom-ref': purl,
      ...namesOf(each.name),
      version: each.version,
      scope: 'required',
      hashes: [hashOf(each)],
      licenses: [{ license: { id: each.licence } }],
      purl,
    })),
    dependencies: [...dependsOn].sort(byFirst).map(([ref, refs]) => ({ ref, dependsOn: [...refs].sort() })),
  };
}

const byFirst = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);

/** What a package needs and the bundle has. A package between the two of which nothing is left in the bundle is passed over. */
function inBundle(lock: Lock, folder: string, byFolder: ReadonlyMap<string, string>): Set<string> {
  const needed = new Set<string>();
  const seen = new Set([folder]);
  const open = dependenciesOf(lock, folder);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const purl = byFolder.get(at);
    if (purl === undefined) open.push(...dependenciesOf(lock, at));
    else needed.add(purl);
  }
  return needed;
}

/** A package URL; the @ of a scope is percent-encoded (purl specification, type npm). */
const purlOf = (name: string, version: string): string => `pkg:npm/${name.replace('@', '%40')}@${version}`;

function namesOf(name: string): { group?: string; name: string } {
  const [scope, own] = name.split('/');
  return own === undefined ? { name } : { group: scope ?? '', name: own };
}

const ALGORITHMS: Readonly<Record<string, string>> = { sha512: 'SHA-512', sha384: 'SHA-384', sha256: 'SHA-256' };

function hashOf({ name, integrity }: Bundled): { alg: string; content: string } {
  const [algorithm = '', base64 = ''] = integrity.split('-');
  const alg = ALGORITHMS[algorithm];
  if (alg === undefined) throw new Error(`${name}: the lock file's hash is no SHA-2: ${algorithm}`);
  return { alg, content: Buffer.from(base64, 'base64').toString('hex') };
}

/** Of version 8, whose bits are free but for two marks (RFC 9562): made of the package's own hash. */
function uuidOf(sha256: string): string {
  const mark = (8 + (Number.parseInt(sha256.slice(16, 17), 16) % 4)).toString(16);
  const hex = `${sha256.slice(0, 12)}8${sha256.slice(13, 16)}${mark}${sha256.slice(17, 32)}`;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
