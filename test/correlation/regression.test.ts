import { expect, test } from 'vitest';
import { regressedIn } from '../../shared/correlation/regression.ts';
import type { Version } from '../../shared/lane/words.ts';
import { at } from './error-report.ts';

const versions = (...names: string[]): Version[] => names as Version[];
const firstLive = new Map(versions('1.0', '1.1', '1.2', '1.3').map((name, n) => [name, at(`1${n}:00:00`)]));

test.each([
  { when: 'never resolved', resolved: null, seen: ['1.0', '1.3'], becomes: null },
  { when: 'not seen since', resolved: '1.1', seen: ['1.0', '1.1'], becomes: null },
  { when: 'seen again in the version it was resolved in', resolved: '1.1', seen: ['1.1'], becomes: null },
  { when: 'a late report of an older version', resolved: '1.2', seen: ['1.0', '1.1', '1.2'], becomes: null },
  { when: 'a rollback to an older version', resolved: '1.2', seen: ['1.1'], becomes: null },
  { when: 'seen in a newer version', resolved: '1.1', seen: ['1.0', '1.2'], becomes: '1.2' },
  { when: 'seen in several newer ones', resolved: '1.1', seen: ['1.3', '1.2'], becomes: '1.2' },
  { when: 'seen in a version that never went live', resolved: '1.1', seen: ['1.1', 'dev'], becomes: null },
  { when: 'resolved in a version that is not live yet', resolved: '1.4', seen: ['1.3'], becomes: null },
  { when: 'seen nowhere', resolved: '1.1', seen: [], becomes: null },
])('$when → $becomes', ({ resolved, seen, becomes }) => {
  expect(regressedIn(resolved as Version | null, versions(...seen), firstLive)).toBe(becomes);
});
