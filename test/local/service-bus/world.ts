import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RetryOptions, ServiceBusClient } from '@azure/service-bus';
import { afterAll } from 'vitest';
import type { Clock } from '../../../infra/local/service-bus/broker/clock.ts';
import type { ServiceBusConfig } from '../../../infra/local/service-bus/configuration.ts';
import { startServiceBus } from '../../../infra/local/service-bus/service-bus.ts';

export const keyName = 'local';
export const key = 'a-key-for-tests';

/** Real time that can be moved forward. */
export class TestClock implements Clock {
  #ahead = 0;
  readonly #timers = new Set<{ at: number; fire: () => void }>();

  now(): number {
    return Date.now() + this.#ahead;
  }

  after(ms: number, run: () => void): () => void {
    const stop = (): void => {
      clearTimeout(handle);
      this.#timers.delete(timer);
    };
    const fire = (): void => {
      stop();
      run();
    };
    const handle = setTimeout(fire, Math.min(Math.max(ms, 0), 2 ** 31 - 1));
    const timer = { at: this.now() + ms, fire };
    this.#timers.add(timer);
    return stop;
  }

  advance(ms: number): void {
    this.#ahead += ms;
    for (const timer of [...this.#timers]) if (timer.at <= this.now()) timer.fire();
  }
}

export interface World {
  client: ServiceBusClient;
  clock: TestClock;
  config: ServiceBusConfig;
  connectionString: string;
  /** A second client, on a connection of its own. */
  another(connectionString?: string, retryOptions?: RetryOptions): ServiceBusClient;
  /** Stops the broker and starts it again on the same folder and port. */
  restart(): Promise<void>;
}

const patient: RetryOptions = { timeoutInMs: 5_000, maxRetries: 1, retryDelayInMs: 50, maxRetryDelayInMs: 200 };

/** A broker for one test file, with a real client; both end with the file. */
export async function startWorld(entities: ServiceBusConfig['entities'], growthBytes?: number): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'service-bus-'));
  const clock = new TestClock();
  const surroundings = { clock, ...(growthBytes === undefined ? {} : { journalGrowthBytes: growthBytes }) };
  const config: ServiceBusConfig = { port: 0, dataDir, keyName, key, entities };
  let part = await startServiceBus(config, surroundings);
  const { port, connectionString } = part.addresses;
  const clients: ServiceBusClient[] = [];
  const another = (string = connectionString, retryOptions = patient): ServiceBusClient => {
    const client = new ServiceBusClient(string, { retryOptions });
    clients.push(client);
    return client;
  };
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await part.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return {
    client: another(),
    clock,
    config,
    connectionString,
    another,
    async restart() {
      await part.close();
      part = await startServiceBus({ ...config, port }, surroundings);
    },
  };
}

/** For receive calls that would wait for more than there is: without it they wait a second after the first message. */
export const soon = { maxWaitTimeInMs: 1_000 };
