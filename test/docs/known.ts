import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../infra/local/root.ts';

/** A file of the repository. */
export const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const settingsSource = read('shared/settings.ts');
export const bicep = read('infra/azure/main.bicep');
export const { scripts, version } = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  version: string;
};

/** What npm run package makes. */
export const ourZip = `dist/warmswap-${version}.zip`;

/** A setting the service reads. */
const isSetting = (name: string): boolean => settingsSource.includes(`'${name.replace(/^WARMSWAP_/, '')}'`);

/** `NAME=value`, where NAME is a setting. */
export const settingFaults = (assignment: string): string[] => {
  const [name = ''] = assignment.split('=');
  return isSetting(name) ? [] : [`${name}: is no setting`];
};

/** What follows an option. */
export const option = (args: string[], name: string): string | undefined =>
  args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
