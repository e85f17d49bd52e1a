import { tablesSettingsFromEnvironment } from '../../../shared/settings.ts';
import { readArguments, required, runCommand } from '../command.ts';
import { readBackup } from '../copy/read.ts';
import { checkConfirmed, operatorsTable } from '../tables.ts';
import { restore } from './restore.ts';

const USAGE = `usage: npm run restore -- --from DIR --confirm ACCOUNT
  --from DIR         a folder that backup made
  --confirm ACCOUNT  the storage account that is written to, by its name or address, so that it cannot be another
It writes into empty tables alone. Stop both apps before; every lane comes back on hold, for a person to release. Ended at any
point, it goes on when it is run again. It reads Storage, or Storage__tableServiceUri, as the service does. It ends with 0 when all
is restored, 1 when a journal is broken, and 2 when it could not restore.`;

/** `npm run restore`: writes a backup into empty tables. Gives the exit code. */
async function main(args: string[]): Promise<number> {
  const options = readArguments(args, {
    from: { type: 'string' },
    confirm: { type: 'string' },
    help: { type: 'boolean' },
  });
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const dir = required('from', options.from);
  const settings = tablesSettingsFromEnvironment();
  const client = (name: Parameters<typeof operatorsTable>[1]) => operatorsTable(settings, name);
  checkConfirmed(client('Lanes'), options.confirm);
  const backup = await readBackup(dir);
  const now = () => new Date();
  const whole = await restore({ client, backup, fenced: null, now, say: (line) => console.log(line) });
  console.log('start the apps, look at both slots of each site, then release its lane');
  return whole ? 0 : 1;
}

runCommand(main);
