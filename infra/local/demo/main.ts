import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Played, play } from './play.ts';
import { openScreen, type Paint, paintFor, type Screen } from './screen.ts';
import { tableOf } from './table.ts';

/** `npm run demo`: the whole life of deployments in under three minutes. Exit code 0 only if every truth holds. */
const DEADLINE_MS = 170_000;
/** What is left to end everything after the deadline. */
const CLOSE_MS = 15_000;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  const output = values.json ? process.stderr : process.stdout;
  const paint = paintFor(output, process.env);
  const screen = openScreen(output, paint, Date.now());
  const dataDir = mkdtempSync(join(tmpdir(), 'warmswap-demo-'));
  const end = new AbortController();
  onSignals(end);
  const deadline = setTimeout(() => {
    end.abort(new Error(`it was not over after ${DEADLINE_MS / 1_000} s`));
    forceExit(screen, dataDir);
  }, DEADLINE_MS);

  const played = await play(dataDir, screen, end.signal).catch((error: unknown): Played => notEven(error));
  clearTimeout(deadline);
  if (interrupted) {
    // Ctrl-C reaches the parts as well as us: what was seen from then on says nothing.
    rmSync(dataDir, { recursive: true, force: true });
    screen.print('The demo was interrupted; everything it started is ended.');
    return 130;
  }
  if (values.json) process.stdout.write(`${JSON.stringify(played, null, 2)}\n`);
  show(played, screen, paint);
  if (played.ok) rmSync(dataDir, { recursive: true, force: true });
  else screen.print(`logs and data are kept in ${dataDir}`);
  return played.ok ? 0 : 1;
}

let interrupted = false;

/** The first asks for an orderly end; the second ends at once, and the parts end because we are gone. */
function onSignals(end: AbortController): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (interrupted) process.exit(130);
      interrupted = true;
      end.abort(new Error('it was interrupted'));
    });
  }
}

/** Whatever hangs even then: the parts end because we are gone. */
function forceExit(screen: Screen, dataDir: string): void {
  setTimeout(() => {
    screen.print(`The demo hangs and is ended; logs and data are kept in ${dataDir}`);
    process.exit(1);
  }, CLOSE_MS).unref();
}

const notEven = (error: unknown): Played => ({
  ok: false,
  stopped: error instanceof Error ? error.message : String(error),
  seconds: 0,
  traffic: { requests: 0, served: 0, failed: 0, perSecond: 0, byVersion: {} },
  deployments: [],
  truths: [],
});

function show({ ok, stopped, seconds, traffic, deployments, truths }: Played, screen: Screen, paint: Paint): void {
  screen.print('');
  for (const [index, line] of tableOf(deployments).entries()) screen.print(index === 0 ? paint('bold', line) : line);
  screen.print('');
  screen.print(`${traffic.served} requests served, ${traffic.failed} failed, ${traffic.perSecond} a second`);
  const failed = truths.filter(({ holds }) => !holds);
  for (const { scene, claim, seen } of failed) screen.print(`${paint('red', '✗')} ${scene}: ${claim}\n  seen: ${seen}`);
  if (stopped !== null) screen.print(paint('red', `The demo could not go on: ${stopped}.`));
  const verdict = `${truths.length - failed.length} of ${truths.length} claims are true, in ${seconds} s`;
  screen.print(paint(ok ? 'green' : 'red', ok ? `${verdict}.` : `${verdict}. The demo failed.`));
}

// Should everything end without an answer, that is no success.
process.exitCode = 1;
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
