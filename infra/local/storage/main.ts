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

/** Azurite as published, inside this process: it flushes to disk as it ends, so its own SIGINT handler closes it. */
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
  createRequire(import.meta.url)('azurite/dist/src/azurite.js');
  for (const port of ports) await answering(port);
  return { addresses: { blobPort: config.blobPort, tablePort: config.tablePort }, close: flush };
}

/** Azurite ends the process itself when it has flushed. */
function flush(): Promise<void> {
  return new Promise(() => process.emit('SIGINT'));
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
