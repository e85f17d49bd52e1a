import { parseArgs } from 'node:util';
import { parseApps } from '../../shared/wire/policy/apps-file.ts';
import { releaseProcessPage } from '../../shared/wire/release-process/page.ts';
import { CannotPackage, readOwnersFile } from '../package/owners-file.ts';

const usage = 'usage: npm run --silent release-process -- apps.yaml > page.html';

/** The page for an owner's file. Throws CannotPackage for what the person who runs it can mend. */
export function pageOf(args: string[]): string {
  const { positionals } = parsed(args);
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new CannotPackage(usage);
  const read = parseApps(Buffer.from(readOwnersFile(path)).toString('utf8'));
  if (!read.ok) throw new CannotPackage(read.why);
  const lanes = read.value.lanes().flatMap((lane) => {
    const policy = read.value.policy(lane);
    return policy === null ? [] : [{ lane, policy }];
  });
  return releaseProcessPage(lanes);
}

function parsed(args: string[]): { positionals: string[] } {
  try {
    return parseArgs({ args, allowPositionals: true, options: {} });
  } catch (cause) {
    throw new CannotPackage(usage, { cause });
  }
}
