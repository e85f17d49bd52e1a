import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { storageConnection } from '../../../infra/local/stack-storage.ts';
import { median } from '../quantile.ts';
import { type ErrorAzure, type RunningApp, startErrorAzure } from './azure.ts';
import { countingProxy } from './counting-proxy.ts';
import { type Layout, ours, peer } from './layouts.ts';
import { messagesOf, PACKED } from './reports.ts';

export interface Errors {
  rounds: number;
  /** Table requests per 1,000 reports, everything that counts them included. */
  requestsPerThousand: number;
  peerRequestsPerThousand: number;
  /** Reports a second, from the first send until every one is counted in its group; medians. */
  drainedPerSecond: number;
  peerPerSecond: number;
  /** Median of the ratios within each round. */
  ratio: number;
}

const ROUNDS = 3;
/** Messages of a round: enough that the second which the last batch waits to be filled does not make the rate. */
const OURS = { warm: 100, load: 3_000 };
const PEERS = { warm: 10, load: 40 };
const WITHIN_MS = 60_000;
const QUIET_MS = 1_000;

/** One app on tables and a queue of its own, and what it was sent so far. */
interface Subject {
  azure: ErrorAzure;
  app: RunningApp;
  layout: Layout;
  sent: number;
}

export async function measureErrors(dir: string): Promise<Errors> {
  const requestsPerThousand = await requestsOf(dir, ours, 100);
  const peerRequestsPerThousand = await requestsOf(dir, peer, 10);
  const rates: { ours: number; peer: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    rates.push({ ours: await drainRate(dir, ours, OURS), peer: await drainRate(dir, peer, PEERS) });
  return {
    rounds: ROUNDS,
    requestsPerThousand,
    peerRequestsPerThousand,
    drainedPerSecond: median(rates.map((rate) => rate.ours)),
    peerPerSecond: median(rates.map((rate) => rate.peer)),
    ratio: median(rates.map((rate) => rate.ours / rate.peer)),
  };
}

/** Every request to the tables from the first message to the last count, through a door that counts them, per 1,000 reports. */
async function requestsOf(dir: string, layout: Layout, messages: number): Promise<number> {
  const azure = await startErrorAzure(mkdtempSync(join(dir, 'errors-')));
  const proxy = await countingProxy(azure.storage.tablePort);
  try {
    await layout.prepare(azure.storage.connectionString);
    const { blobPort } = azure.storage;
    const app = await azure.start(layout.appDir, storageConnection({ blobPort, tablePort: proxy.port }));
    const subject: Subject = { azure, app, layout, sent: 0 };
    try {
      await drain(subject, 'requests', messages);
      let requests = proxy.passed();
      // The timer was only started: it is done when it asks for nothing more.
      for (let quietSince = performance.now(); performance.now() - quietSince < QUIET_MS; await sleep(50)) {
        if (proxy.passed() !== requests) quietSince = performance.now();
        requests = proxy.passed();
      }
      await allCounted(subject);
      return (requests / subject.sent) * 1_000;
    } finally {
      await app.stop();
    }
  } finally {
    await proxy.close();
    await azure.close();
  }
}

/** Reports a second, in a process that has seen some before, on tables that hold no others. */
async function drainRate(dir: string, layout: Layout, messages: { warm: number; load: number }): Promise<number> {
  const azure = await startErrorAzure(mkdtempSync(join(dir, 'errors-')));
  try {
    await layout.prepare(azure.storage.connectionString);
    const app = await azure.start(layout.appDir, azure.storage.connectionString);
    const subject: Subject = { azure, app, layout, sent: 0 };
    try {
      await drain(subject, 'warm', messages.warm);
      await allCounted(subject);
      const seconds = await drain(subject, 'load', messages.load, () => allCounted(subject));
      return (messages.load * PACKED) / seconds;
    } finally {
      await app.stop();
    }
  } finally {
    await azure.close();
  }
}

/** Sends so many messages, waits until the app has taken them all and has them counted. Seconds from the first send on. */
async function drain(
  subject: Subject,
  name: string,
  messages: number,
  counted: () => Promise<void> = async () => undefined,
): Promise<number> {
  const { azure, app, layout } = subject;
  const load = messagesOf(name, messages);
  const began = performance.now();
  await azure.send(load);
  subject.sent += messages * PACKED;
  await azure.drained();
  if (layout.timer !== null) await app.run(layout.timer);
  await counted();
  return (performance.now() - began) / 1_000;
}

/** Waits until all that was sent is counted. Throws when a report is missing or was counted twice. */
async function allCounted({ azure, app, layout, sent }: Subject): Promise<void> {
  const until = performance.now() + WITHIN_MS;
  const storage = azure.storage.connectionString;
  let seen = await layout.counted(app, storage);
  while (seen < sent && performance.now() < until) {
    await sleep(50);
    seen = await layout.counted(app, storage);
  }
  if (seen !== sent) throw new Error(`${layout.name}: ${seen} reports are counted, ${sent} were sent`);
}
