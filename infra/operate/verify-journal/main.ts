import { tablesSettingsFromEnvironment } from '../../../shared/settings.ts';
import { runCommand } from '../command.ts';
import { operatorsTable } from '../tables.ts';
import { readVerifyOptions, USAGE, type VerifyOptions } from './arguments.ts';
import { readHeads } from './heads.ts';
import { lineOf, summaryOf } from './tell.ts';
import { type Verdict, verifyAll, verifyOne } from './verify.ts';

/** `npm run verify-journal`: walks the hash chain of each lane's journal. Gives the exit code. */
async function main(args: string[]): Promise<number> {
  const options = readVerifyOptions(args);
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const verdicts: Verdict[] = [];
  for await (const verdict of verdictsFor(options)) {
    verdicts.push(verdict);
    if (!options.json) console.log(lineOf(verdict));
  }
  console.log(options.json ? JSON.stringify({ lanes: verdicts }) : summaryOf(verdicts));
  return verdicts.every(({ fault }) => fault === null) ? 0 : 1;
}

async function* verdictsFor({ lane, heads }: VerifyOptions): AsyncGenerator<Verdict> {
  const recorded = heads === null ? new Map() : readHeads(heads);
  const client = operatorsTable(tablesSettingsFromEnvironment(), 'Lanes');
  if (lane === null) return yield* verifyAll(client, recorded);
  const verdict = await verifyOne(client, lane, recorded);
  if (verdict === null) throw new Error(`there is no lane ${lane} in the table ${client.tableName}`);
  yield verdict;
}

runCommand(main);
