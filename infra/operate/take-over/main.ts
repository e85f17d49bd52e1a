import { existsSync } from 'node:fs';
import type { TableName } from '../../../shared/adapters/tables/connect.ts';
import { tablesSettingsFromEnvironment } from '../../../shared/settings.ts';
import { takeBackup } from '../backup/take.ts';
import { readArguments, required, runCommand } from '../command.ts';
import { readBackup } from '../copy/read.ts';
import { restore } from '../restore/restore.ts';
import { checkConfirmed, operatorsTable } from '../tables.ts';
import { lanesWritten, refuseIfWritten } from './still-written.ts';
import { told } from './told.ts';

const USAGE = `usage: npm run take-over -- --from DIR [--from-storage] --confirm ACCOUNT --fenced HOW [--force]
  --from DIR         a folder that backup made in the first region
  --from-storage     make that folder now, of the tables FromStorage names: those of the first region, or their secondary endpoint
  --confirm ACCOUNT  the storage account of this region, which is written to, by its name or address
  --fenced HOW       how the first region is kept from acting, in your words; they are kept with the tables
  --force            go on although the first region seems to run
For a second region whose infrastructure stands and whose apps are stopped: an app that runs begins lanes of its own, and its tables are
not empty then. Before it: take the role on the sites away from the first region's deployer, since that alone keeps it from acting when
it comes back. It asks Azure for nothing but tables. Ended at any point,
it goes on when it is run again. It ends with 0 when all is taken over, 1 when a journal is broken, and 2 when it could not.`;

/** `npm run take-over`: a second region begins where the first one ended. Gives the exit code. */
async function main(args: string[]): Promise<number> {
  const options = readArguments(args, {
    from: { type: 'string' },
    'from-storage': { type: 'boolean' },
    confirm: { type: 'string' },
    fenced: { type: 'string' },
    force: { type: 'boolean' },
    help: { type: 'boolean' },
  });
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const dir = required('from', options.from);
  const fenced = required('fenced', options.fenced);
  const settings = tablesSettingsFromEnvironment();
  const client = (name: TableName) => operatorsTable(settings, name);
  const now = () => new Date();
  const say = (line: string) => console.log(line);
  checkConfirmed(client('Lanes'), options.confirm);
  // What was copied once is what is restored: a command that is run again goes on with the same.
  if (options['from-storage'] && !existsSync(dir)) await copyFirst(dir, options.force === true, say);
  const backup = await readBackup(dir);
  if (!options['from-storage'] && !options.force) refuseIfWritten(backup.manifest.lanes, now());
  say(`the first region is fenced, as you say: ${fenced}`);
  const whole = await restore({ client, backup, fenced, now, say });
  for (const line of told(backup)) say(line);
  return whole ? 0 : 1;
}

async function copyFirst(dir: string, force: boolean, say: (line: string) => void): Promise<void> {
  const settings = tablesSettingsFromEnvironment('FromStorage');
  const first = (name: TableName) => operatorsTable(settings, name);
  if (!force) refuseIfWritten(await lanesWritten(first('Lanes')), new Date());
  await takeBackup({ client: first, out: dir, now: () => new Date(), say });
}

runCommand(main);
