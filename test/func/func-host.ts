import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, createWriteStream, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { startService } from '../../infra/local/service-process.ts';

/** The first start downloads the extension bundle. */
const START_WITHIN_MS = 240_000;
const END_WITHIN_MS = 20_000;

/**
 * Runs the service on Azure Functions Core Tools instead of our own host: `func start` in a copy of the package, the app settings in its
 * local.settings.json. `func`: the program; `app`: the folder that `npm run package` made.
 */
export const funcHost =
  (func: string, app: string): typeof startService =>
  async (config, { env, logDir }, broken) => {
    const { port, env: settings } = config as { port: number; env: Record<string, string> };
    mkdirSync(logDir, { recursive: true });
    const folder = mkdtempSync(join(logDir, 'func-app-'));
    cpSync(app, folder, { recursive: true });
    const Values = { FUNCTIONS_WORKER_RUNTIME: 'node', ...settings };
    writeFileSync(join(folder, 'local.settings.json'), JSON.stringify({ IsEncrypted: false, Values }), { mode: 0o600 });
    const log = createWriteStream(join(logDir, 'func.log'), { flags: 'a' });

    let child: ChildProcess;
    let wanted = true;
    const start = async (): Promise<void> => {
      wanted = true;
      // A group of its own: func starts the worker, and both must end.
      const started = spawn(func, ['start', '--port', String(port)], {
        cwd: folder,
        env: { ...process.env, ...env, FUNCTIONS_CORE_TOOLS_TELEMETRY_OPTOUT: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
      child = started;
      process.once('exit', () => signal(started, 'SIGKILL'));
      started.stdout.pipe(log, { end: false });
      started.stderr.pipe(log, { end: false });
      await answering(`http://127.0.0.1:${port}/healthz`, started);
      started.once('exit', (code) => {
        if (wanted && child === started) broken(`func ended with ${code}; see ${join(logDir, 'func.log')}`);
      });
    };
    const end = async (first: NodeJS.Signals): Promise<void> => {
      wanted = false;
      if (hasEnded(child)) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      signal(child, first);
      const timer = setTimeout(() => signal(child, 'SIGKILL'), END_WITHIN_MS);
      await ended;
      clearTimeout(timer);
      // What it started and did not take along.
      signal(child, 'SIGKILL');
    };
    await start();
    return { pid: () => child.pid ?? 0, kill: () => end('SIGKILL'), stop: () => end('SIGINT'), start };
  };

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, name);
  } catch {
    // Nothing of the group is left.
  }
}

async function answering(address: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_WITHIN_MS;
  for (;;) {
    const status = await fetch(address, { headers: { connection: 'close' } }).then(
      (answer) => answer.status,
      () => null,
    );
    if (status === 200) return;
    if (hasEnded(child)) throw new Error(`func ended with ${child.exitCode ?? child.signalCode} before it answered`);
    if (Date.now() > deadline) {
      signal(child, 'SIGKILL');
      throw new Error(`func did not answer within ${START_WITHIN_MS / 1_000} s; the last status was ${status}`);
    }
    await sleep(250);
  }
}
