import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.ts';

/** A part that runs as a process of its own. */
export interface Child<Addresses> {
  addresses: Addresses;
  pid: number;
  /** Resolves when the process has ended, with its exit code; null: by a signal. */
  ended: Promise<number | null>;
  /** Asks it to end, and waits; after twenty seconds it is killed. */
  stop(): Promise<void>;
  /** kill -9: nothing is flushed, nothing is said. */
  kill(): Promise<void>;
}

export interface ChildOptions {
  env?: Record<string, string>;
  logDir: string;
  startWithinMs?: number;
}

/** Starts `dist/local/<part>.js` and waits until it says that it answers. Its output goes to `<logDir>/<part>.log`. */
export async function startChild<Addresses>(
  part: string,
  config: object,
  options: ChildOptions,
): Promise<Child<Addresses>> {
  mkdirSync(options.logDir, { recursive: true });
  const log = createWriteStream(join(options.logDir, `${part}.log`), { flags: 'a' });
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', join(root, 'dist/local', `${part}.js`), JSON.stringify(config)],
    {
      cwd: root,
      env: { ...process.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = `${errors}${chunk}`.slice(-4000);
    log.write(chunk);
  });
  const addresses = await ready<Addresses>(part, child, log, options.startWithinMs ?? 20_000, () => errors);
  return {
    addresses,
    pid: child.pid ?? 0,
    ended,
    stop: () => end(child, ended, 'SIGTERM'),
    kill: () => end(child, ended, 'SIGKILL'),
  };
}

function ready<Addresses>(
  part: string,
  child: ChildProcess,
  log: NodeJS.WritableStream,
  withinMs: number,
  errors: () => string,
): Promise<Addresses> {
  return new Promise((resolve, reject) => {
    let text = '';
    let said = false;
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${part} did not answer within ${withinMs / 1000} s; see its log`));
    }, withinMs);
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      if (said) return void log.write(chunk);
      text += chunk;
      const lines = text.split('\n');
      const line = lines.find((candidate) => candidate.startsWith('{"ready":true'));
      if (line === undefined || !text.includes(`${line}\n`)) return;
      said = true;
      clearTimeout(timer);
      log.write(lines.filter((other) => other !== line).join('\n'));
      resolve(JSON.parse(line) as Addresses);
    });
    // Not 'exit': what it said last may still be on its way then.
    child.once('close', (code) => {
      clearTimeout(timer);
      reject(new Error(reasonOf(part, errors()) ?? `${part} ended with code ${code}; see its log`));
    });
  });
}

/** What a part said of itself before it ended (see part.ts), without the stack, which is in its log. */
function reasonOf(part: string, errors: string): string | undefined {
  const said = errors.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  const from = said.findLastIndex((line) => line.startsWith(`${part}: `));
  return from < 0 ? undefined : said.slice(from).join('\n');
}

async function end(child: ChildProcess, ended: Promise<number | null>, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(timer);
}
