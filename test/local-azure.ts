import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceBusConfig } from '../infra/local/service-bus/configuration.ts';
import { startServiceBus } from '../infra/local/service-bus/service-bus.ts';

/** The well-known account of Azurite. */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export interface LocalStorage {
  connectionString: string;
  tablePort: number;
  blobPort: number;
  close(): Promise<void>;
}

/** Azurite as published, in a process of its own, in memory, on free ports. It flushes as it ends: SIGINT, never SIGKILL. */
export async function startStorage(): Promise<LocalStorage> {
  const dir = mkdtempSync(join(tmpdir(), 'warmswap-storage-'));
  const bin = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js');
  const hosts = ['blob', 'queue', 'table'].flatMap((part) => [`--${part}Host`, '127.0.0.1', `--${part}Port`, '0']);
  const flags = ['--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry'];
  const child = spawn(process.execPath, [bin, ...flags, ...hosts], { cwd: dir, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));

  const ports = await new Promise<{ blob: number; table: number }>((resolve, reject) => {
    let said = '';
    child.once('exit', (code) => reject(new Error(`azurite ended with ${code}: ${said}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const port = (part: string): number =>
        Number(new RegExp(`${part} service is successfully listening at http://127.0.0.1:(\\d+)`).exec(said)?.[1] ?? 0);
      if (port('Blob') > 0 && port('Table') > 0) resolve({ blob: port('Blob'), table: port('Table') });
    });
  });

  return {
    connectionString: connectionString(ports),
    tablePort: ports.table,
    blobPort: ports.blob,
    async close() {
      child.kill('SIGINT');
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The storage account at other ports, e.g. behind a proxy. */
export function connectionString(ports: { blob: number; table: number }): string {
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${ACCOUNT}`,
    `AccountKey=${KEY}`,
    `BlobEndpoint=http://127.0.0.1:${ports.blob}/${ACCOUNT}`,
    `TableEndpoint=http://127.0.0.1:${ports.table}/${ACCOUNT}`,
    '',
  ].join(';');
}

/** The entities the service uses, as the local Azure declares them. */
const declared = new URL('../infra/local/declaration.json', import.meta.url);
const entities = (): ServiceBusConfig['entities'] =>
  (JSON.parse(readFileSync(declared, 'utf8')) as { serviceBus: ServiceBusConfig['entities'] }).serviceBus;

export interface LocalBus {
  connectionString: string;
  close(): Promise<void>;
}

/** The broker in this process, with the service's entities, on a free port. */
export async function startBus(): Promise<LocalBus> {
  const dataDir = mkdtempSync(join(tmpdir(), 'warmswap-bus-'));
  const part = await startServiceBus({
    port: 0,
    dataDir,
    keyName: 'local',
    key: 'a-key-for-tests',
    entities: entities(),
  });
  return {
    connectionString: part.addresses.connectionString,
    async close() {
      await part.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
