import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const START = fileURLToPath(new URL('../../dist/local/start.js', import.meta.url));
/** As many ports as one site needs. */
export const PORTS = 14;

/** `npm start` as a person starts it: a process with its children in a group of its own, as a terminal gives each command. */
export interface Started {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** The exit code, once it has ended; null: by a signal. */
  ended: Promise<number | null>;
  /** As Ctrl-C does it: to the whole group. */
  signalGroup(signal: NodeJS.Signals): void;
  /** Processes of the group that still run. */
  left(): string[];
}

export function startByHand(...args: string[]): Started {
  const child = spawn(process.execPath, [START, ...args], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  const group = child.pid ?? 0;
  return {
    child,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    ended: new Promise((resolve) => child.once('exit', (code) => resolve(code))),
    signalGroup: (signal) => void process.kill(-group, signal),
    left: () => running(group),
  };
}

/** A process that has ended and that nobody asked about yet still has its number, and the state Z. */
function running(group: number): string[] {
  const lines = execFileSync('ps', ['-eo', 'pgid=,stat=,pid=,args='], { encoding: 'utf8' }).split('\n');
  const own = lines.map((line) => line.trim().split(/\s+/)).filter(([pgid]) => Number(pgid) === group);
  return own.filter(([, state]) => !state?.startsWith('Z')).map((fields) => fields.slice(2, 6).join(' '));
}

/** The one line of `--json`. Throws when it ends before, or does not say it in time. */
export async function addressesOf(started: Started, withinMs: number): Promise<Record<string, unknown>> {
  const deadline = Date.now() + withinMs;
  while (!started.stdout().includes('\n')) {
    if (started.child.exitCode !== null)
      throw new Error(`it ended with ${started.child.exitCode}: ${started.stderr()}`);
    if (Date.now() > deadline) throw new Error(`no line within ${withinMs} ms: ${started.stderr()}`);
    await sleep(30);
  }
  return JSON.parse(started.stdout()) as Record<string, unknown>;
}

/** Those of a run of ports that somebody listens on. */
export async function bound(from: number, count: number): Promise<number[]> {
  const ports = Array.from({ length: count }, (_, index) => from + index);
  const answers = await Promise.all(ports.map(async (port) => ((await isOpen(port)) ? [port] : [])));
  return answers.flat();
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).once('error', () => resolve(false));
  });
}

/** The first of a run of free ports, below those of outgoing connections and those a stack chooses for itself. */
export async function freeRun(count: number): Promise<number> {
  for (;;) {
    const from = 3_000 + Math.floor(Math.random() * 8_000);
    const open = await Promise.all(Array.from({ length: count }, (_, index) => mayListen(from + index)));
    if (open.every((free) => free)) return from;
  }
}

function mayListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** A port that is in use. */
export async function busyPort(port: number): Promise<() => Promise<void>> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return () => new Promise((resolve) => server.close(() => resolve()));
}

export const sampleApps = fileURLToPath(new URL('../../infra/local/demo/apps.yaml', import.meta.url));
