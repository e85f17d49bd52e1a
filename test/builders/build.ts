import { type Build, type BuildId, type BuildRef, refOf, type Sha256, type Version } from '../../shared/lane/words.ts';
import { at } from './time.ts';

const minor = (version: string): number => Number(version.split('.')[1] ?? 0);

/** The build of a version `1.n.0`: later versions have higher numbers and were finished later, a minute apart. */
export function aBuild(version = '1.1.0', more: Partial<Build> = {}): Build {
  const order = version.startsWith('0.') ? minor(version) - 10 : minor(version);
  const finishedAt = new Date(at('09:00').getTime() + order * 60_000);
  return {
    id: `b-${version}` as BuildId,
    source: 'https://ci.example/shop',
    version: version as Version,
    commit: { sha: 'c0ffee' },
    commits: [],
    artifact: {
      url: `https://ci.example/shop-${version}.zip`,
      sha256: version.replaceAll('.', '').padStart(64, 'a') as Sha256,
    },
    number: 100 + order,
    definition: 'main',
    finishedAt,
    arrivedAt: new Date(finishedAt.getTime() + 5_000),
    requestedBy: { name: 'Grace' },
    schemaChange: 'none',
    ...more,
  };
}

export const aRef = (version?: string, more?: Partial<Build>): BuildRef => refOf(aBuild(version, more));
