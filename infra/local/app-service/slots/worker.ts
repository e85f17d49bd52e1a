import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { Agent } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../config.ts';
import { startArguments } from './package.ts';

/** What a process is made of: the folder it runs in and its environment (without PORT, which each process gets of its own). */
export interface WorkerSpec {
  folder: string;
  env: Settings;
  logFile: string;
  /** A process that does not listen after this time counts as not started. */
  startLimitMs: number;
}

/** The app knows nothing of us; this ends it when our end of its standard input closes, however we died. */
const DIES_WITH_PARENT = `data:text/javascript,${encodeURIComponent(
  "process.stdin.on('end', () => process.exit()).on('error', () => process.exit()).resume(); process.stdin.unref?.();",
)}`;

const DRAIN_LIMIT_MS = 60_000;
const KILL_AFTER_MS = 5_000;

/** One process of an app: started by the constructor, `up` tells whether it came to listen. */
export class Worker {
  /** True once it listens; false if it ended before, or did not listen in time. */
  readonly up: Promise<boolean>;
  readonly exited: Promise<void>;
  /** Connections of the front door to this process: kept open, and gone with it. */
  readonly agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  port = 0;
  #child: ChildProcess | undefined;
  #ended = false;
  #stopping = false;
  #inFlight = 0;
  #idle: (() => void) | undefined;
  #markExited: () => void = () => {};

  constructor(spec: WorkerSpec) {
    this.exited = new Promise((resolve) => {
      this.#markExited = () => {
        this.#ended = true;
        this.agent.destroy();
        resolve();
      };
    });
    this.up = this.#start(spec).catch((error: unknown) => {
      // A disk that is full, no port that is free: the app is down, App Service is not.
      console.error(`a process in ${spec.folder} could not be started`, error);
      this.#markExited();
      return false;
    });
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  get pid(): number | undefined {
    return this.#ended ? undefined : this.#child?.pid;
  }

  /** Counts a request in; the returned function counts it out, once. */
  enter(): () => void {
    this.#inFlight += 1;
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#inFlight -= 1;
      if (this.#inFlight === 0) this.#idle?.();
    };
  }

  /** Ends the process once the requests it still serves are answered. Whoever calls this sends it no new ones. */
  async retire(): Promise<void> {
    if (this.#inFlight > 0 && !this.#ended) {
      const idle = new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
      await Promise.race([idle, this.exited, sleep(DRAIN_LIMIT_MS, undefined, { ref: false })]);
    }
    await this.stop();
  }

  async stop(): Promise<void> {
    if (this.#stopping || this.#ended) return this.exited;
    this.#stopping = true;
    if (this.#child === undefined) return this.#markExited();
    this.#child.kill('SIGTERM');
    const force = setTimeout(() => this.#child?.kill('SIGKILL'), KILL_AFTER_MS);
    await this.exited;
    clearTimeout(force);
  }

  async #start(spec: WorkerSpec): Promise<boolean> {
    this.port = await freePort();
    if (this.#ended) return false;
    const args = startArguments(spec.folder);
    mkdirSync(dirname(spec.logFile), { recursive: true });
    const log = openSync(spec.logFile, 'a');
    const child = launch(spec, args, this.port, log);
    closeSync(log);
    if (child === undefined) {
      this.#markExited();
      return false;
    }
    this.#child = child;
    child.stdin?.on('error', () => {});
    child.once('error', this.#markExited);
    child.once('exit', this.#markExited);
    return this.#listens(Date.now() + spec.startLimitMs);
  }

  async #listens(deadline: number): Promise<boolean> {
    while (!this.#ended && !this.#stopping && Date.now() < deadline) {
      if (await accepts(this.port)) return !this.#ended;
      await Promise.race([sleep(25), this.exited]);
    }
    return false;
  }
}

/** Starts the process; what keeps it from starting is written where its own output goes. */
function launch(spec: WorkerSpec, args: string[] | undefined, port: number, log: number): ChildProcess | undefined {
  if (args === undefined) {
    writeSync(log, `nothing to start in ${spec.folder}: no start script, no main, no server.js\n`);
    return undefined;
  }
  try {
    return spawn(process.execPath, ['--import', DIES_WITH_PARENT, ...args], {
      cwd: spec.folder,
      env: { ...spec.env, PORT: String(port) },
      stdio: ['pipe', log, log],
    });
  } catch (error) {
    // A setting that cannot be an environment variable.
    writeSync(log, `could not be started: ${String(error)}\n`);
    return undefined;
  }
}

/** The system names a free port; the app takes it a moment later. */
const freePort = (): Promise<number> =>
  new Promise((done, failed) => {
    const server = createServer().once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });

const accepts = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
