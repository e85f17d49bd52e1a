import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureFirstCall } from './builds/measure-first-call.ts';
import { measureClicks } from './clicks/measure-clicks.ts';
import { measureErrors } from './errors/measure-errors.ts';
import { tableOf } from './report.ts';
import { linesOf, NOTE, type Results, TARGETS } from './results.ts';
import { measureStartUp } from './start-up/measure-start-up.ts';

/**
 * `npm run bench [-- --json]`: measures the start and the first events, the way of a build event to ARM, the counting of errors, and clicks in Slack, on the local Azure.
 * Prints a table, or with `--json` the numbers as data, and ends with 1 where a target is missed.
 */
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const dir = mkdtempSync(join(tmpdir(), 'warmswap-bench-'));
const say = (what: string): void => void process.stderr.write(`${what} …\n`);
try {
  say('loading the app and an empty one, in turn');
  const startUp = await measureStartUp(dir);
  say('sending builds and waiting for ARM to be asked');
  const firstCall = await measureFirstCall(dir);
  say('draining error reports, packed and one at a time, in turn');
  const errors = await measureErrors(dir);
  say('pressing buttons in Slack');
  const clicks = await measureClicks(dir);
  const results: Results = { startUp, firstCall, errors, clicks };
  const lines = linesOf(results);
  const missed = lines.filter(({ kept }) => kept === false).map(({ what }) => what);
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ ...results, targets: TARGETS, missed }, null, 2)}\n`
      : `\n${tableOf(lines)}\n\n${NOTE}\n`,
  );
  process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
