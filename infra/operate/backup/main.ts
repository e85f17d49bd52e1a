import { tablesSettingsFromEnvironment } from '../../../shared/settings.ts';
import { readArguments, required, runCommand } from '../command.ts';
import { operatorsTable } from '../tables.ts';
import { takeBackup } from './take.ts';

const USAGE = `usage: npm run backup -- --out DIR
  --out DIR  the folder that is made; it must not be there yet
It copies all tables while the service runs, and writes nothing to them. It reads Storage, or Storage__tableServiceUri, as the
service does. It ends with 0 when the folder is complete, and with 2 when there is none.`;

/** `npm run backup`: copies all tables into a folder. Gives the exit code. */
async function main(args: string[]): Promise<number> {
  const { out, help } = readArguments(args, { out: { type: 'string' }, help: { type: 'boolean' } });
  if (help) {
    console.log(USAGE);
    return 0;
  }
  const dir = required('out', out);
  const settings = tablesSettingsFromEnvironment();
  const { tables, lanes } = await takeBackup({
    client: (name) => operatorsTable(settings, name),
    out: dir,
    now: () => new Date(),
    say: (line) => console.log(line),
  });
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(`${dir} holds ${lanes.length} ${lanes.length === 1 ? 'lane' : 'lanes'} and ${rows} rows`);
  return 0;
}

runCommand(main);
