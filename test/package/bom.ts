/** A bill of materials, as far as we write one. */
interface Component {
  type: string;
  'bom-ref': string;
  group?: string;
  name: string;
  version: string;
  hashes: { alg: string; content: string }[];
  licenses: { license: { id: string } }[];
  purl: string;
}
export interface Bom {
  bomFormat: string;
  specVersion: string;
  serialNumber: string;
  version: number;
  metadata: { component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

const HEX: Readonly<Record<string, number>> = { 'SHA-256': 64, 'SHA-384': 96, 'SHA-512': 128 };
const LICENCES = ['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD'];
const TYPES = ['application', 'library'];

/** How a bill of materials breaks the rules of CycloneDX 1.6 that it can break (bom-1.6.schema.json), and ours of licences. */
export function bomFaults(bom: Bom): string[] {
  const all = [bom.metadata.component, ...bom.components];
  const refs = all.map((each) => each['bom-ref']);
  const faults: string[] = [];
  const check = (holds: boolean, what: string): void => void (holds || faults.push(what));
  check(bom.bomFormat === 'CycloneDX' && bom.specVersion === '1.6' && bom.version === 1, 'is no CycloneDX 1.6');
  check(
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(bom.serialNumber),
    'serial number',
  );
  check(new Set(refs).size === refs.length, 'a bom-ref stands twice');
  for (const one of all) {
    const { name, group, version, purl, hashes, licenses } = one;
    const full = group === undefined ? name : `${group.replace('@', '%40')}/${name}`;
    check(TYPES.includes(one.type) && /^[^/@\s]+$/.test(name), `${purl}: type and name`);
    check(purl === `pkg:npm/${full}@${version}` && one['bom-ref'] === purl, `${purl}: purl`);
    check(hashes.length === 1 && hashes.every(isHash), `${purl}: hashes`);
    check(licenses.length === 1 && LICENCES.includes(licenses[0]?.license.id ?? ''), `${purl}: licence`);
  }
  const leads = new Map(bom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  check(leads.size === bom.dependencies.length, 'the dependencies of one stand twice');
  for (const [ref, dependsOn] of leads) {
    for (const name of [ref, ...dependsOn]) check(refs.includes(name), `${name}: is referred to and not there`);
    check(new Set(dependsOn).size === dependsOn.length, `${ref}: depends on one twice`);
  }
  const reached = new Set<string>();
  const open = [bom.metadata.component['bom-ref']];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (!reached.has(at)) open.push(...(leads.get(at) ?? []));
    reached.add(at);
  }
  for (const ref of refs) check(reached.has(ref), `${ref}: nothing leads to it`);
  return faults;
}

const isHash = ({ alg, content }: { alg: string; content: string }): boolean =>
  content.length === HEX[alg] && /^[0-9a-f]+$/.test(content);
