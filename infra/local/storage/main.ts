import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningPart, runPart } from '../part.ts';

export interface StorageConfig {
  blobPort: number;
  queuePort: number;
  tablePort: number;
  /** Absent: everything is forgotten at the end. */
  dataDir?: string;
}

/**
 * Azurite as published, inside this process: it flushes to disk as it ends, by its own handlers of SIGINT and SIGTERM. Two of these
 * signals (Ctrl-C, and then the parent's word) would make it close twice, fail at that and lose what it has not written for five
 * seconds: its handlers are taken from it, and one of them is called, once.
 */
async function startStorage(config: StorageConfig): Promise<RunningPart<{ blobPort: number; tablePort: number }>> {
  const ports = [config.blobPort, config.queuePort, config.tablePort];
  for (const port of ports) await assertFree(port);
  const where = config.dataDir === undefined ? ['--inMemoryPersistence'] : ['--location', config.dataDir];
  const listen = ['blob', 'queue', 'table'].flatMap((part, index) => [
    `--${part}Host`,
    '127.0.0.1',
    `--${part}Port`,
    String(ports[index]),
  ]);
  process.argv = [
    process.argv[0] ?? 'node',
    'azurite',
    '--silent',
    '--skipApiVersionCheck',
    '--disableTelemetry',
    ...where,
    ...listen,
  ];
  const ours = new Set<unknown>([...process.listeners('SIGINT'), ...process.listeners('SIGTERM')]);
  createRequire(import.meta.url)('azurite/dist/src/azurite.js');
  for (const port of ports) await answering(port);
  const shutdown = await takenFromAzurite(ours);
  return { addresses: { blobPort: config.blobPort, tablePort: config.tablePort }, close: () => flush(shutdown) };
}

/** It sets its handlers last, when it listens already. */
async function takenFromAzurite(ours: Set<unknown>): Promise<() => void> {
  for (let tries = 0; tries < 400; tries += 1) {
    const own = process.listeners('SIGINT').find((listener) => !ours.has(listener));
    const twin = process.listeners('SIGTERM').find((listener) => !ours.has(listener));
    if (own !== undefined && twin !== undefined) {
      process.removeListener('SIGINT', own);
      process.removeListener('SIGTERM', twin);
      return () => own('SIGINT');
    }
    await sleep(25);
  }
  throw new Error('storage cannot be told to end');
}

/** Azurite does not tell when it has flushed; nothing is left to run then, and the process ends. */
function flush(shutdown: () => void): Promise<void> {
  shutdown();
  process.stdin.unref();
  return new Promise(() => undefined);
}

function assertFree(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });
}

async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.unref().once('connect', () => socket.destroy());
    });
    if (open) return;
    await sleep(50);
  }
  throw new Error(`storage does not answer on port ${port}`);
}

await runPart('storage', startStorage);
