import { setTimeout as sleep } from 'node:timers/promises';
import { Worker, type WorkerSpec } from './worker.ts';

export type Served = 'up' | 'failed' | 'superseded';

/**
 * Keeps one app running: at any time one process serves, and one that crashed is started again. A runner belongs to a
 * content, not to a slot: a swap exchanges the runners of two slots and nothing else.
 */
export class Runner {
  /** Raised by every order; whatever an older order still waits for is then void. */
  #order = 0;
  #spec: WorkerSpec | undefined;
  #current: Worker | undefined;
  #isStopped = false;
  readonly #all = new Set<Worker>();
  readonly #crashRestartMs: number;

  constructor(crashRestartMs: number) {
    this.#crashRestartMs = crashRestartMs;
  }

  /** Whether there is anything to run. A slot nothing was ever published to has no process. */
  get isEmpty(): boolean {
    return this.#spec === undefined;
  }

  /** The process new requests go to; none while it is down. */
  get worker(): Worker | undefined {
    return this.#current;
  }

  /**
   * Puts `spec` in service: the new process is started beside the old one and takes over when it listens, not before
   * `atLeastMs`; the old one ends when its last request is answered. A process that cannot start takes over as well, and the
   * app is down: App Service does not go on with old code either. Never rejects.
   */
  async serve(spec: WorkerSpec | undefined, atLeastMs = 0): Promise<Served> {
    if (this.#isStopped) return 'superseded';
    this.#order += 1;
    const order = this.#order;
    this.#spec = spec;
    if (spec === undefined) {
      this.#takeOver(undefined);
      return 'up';
    }
    const next = this.#launch(spec);
    const [listens] = await Promise.all([next.up, sleep(atLeastMs)]);
    if (order !== this.#order) {
      await this.#retire(next);
      return 'superseded';
    }
    if (listens && !next.hasEnded) {
      this.#takeOver(next);
      return 'up';
    }
    this.#takeOver(undefined);
    await next.stop();
    void this.#revive(order, spec);
    return 'failed';
  }

  /** Ends every process of this runner, without waiting for requests; it starts none after that. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#order += 1;
    this.#current = undefined;
    await Promise.all([...this.#all].map((worker) => worker.stop()));
  }

  #launch(spec: WorkerSpec): Worker {
    const worker = new Worker(spec);
    this.#all.add(worker);
    void worker.exited.then(() => {
      this.#all.delete(worker);
      if (this.#current !== worker) return;
      this.#current = undefined;
      if (this.#spec !== undefined) void this.#revive(this.#order, this.#spec);
    });
    return worker;
  }

  #takeOver(next: Worker | undefined): void {
    const old = this.#current;
    this.#current = next;
    if (old !== undefined) void this.#retire(old);
  }

  async #retire(worker: Worker): Promise<void> {
    await worker.retire();
    this.#all.delete(worker);
  }

  /** Starts a crashed app again, at growing distances while it does not come up, until another order is given. */
  async #revive(order: number, spec: WorkerSpec): Promise<void> {
    for (let waitMs = this.#crashRestartMs; ; waitMs = Math.min(waitMs * 2, this.#crashRestartMs * 16)) {
      await sleep(waitMs, undefined, { ref: false });
      if (order !== this.#order) return;
      const next = this.#launch(spec);
      const listens = await next.up;
      if (order !== this.#order) return this.#retire(next);
      if (listens && !next.hasEnded) return this.#takeOver(next);
      await next.stop();
    }
  }
}
