import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { levelOf } from './host-log.ts';
import type { Level } from './rpc.ts';
import { timeSpanMs } from './time-span.ts';

/** What this host uses of host.json, with the defaults of the Service Bus extension 5.x; times in milliseconds. */
export interface HostJson {
  routePrefix: string;
  /** undefined: unbounded */
  functionTimeoutMs: number | undefined;
  logLevel: Level;
  serviceBus: {
    autoCompleteMessages: boolean;
    maxAutoLockRenewalMs: number;
    maxConcurrentCalls: number;
    maxConcurrentSessions: number;
    maxConcurrentCallsPerSession: number;
    maxMessageBatchSize: number;
    minMessageBatchSize: number;
    maxBatchWaitMs: number;
    sessionIdleTimeoutMs: number;
  };
}

/** Reads values by path and collects one sentence for each that has the wrong kind. */
class Reader {
  readonly faults: string[] = [];
  readonly #root: unknown;
  constructor(root: unknown) {
    this.#root = root;
  }
  #at(path: string): unknown {
    let value = this.#root;
    for (const key of path.split('.')) {
      if (typeof value !== 'object' || value === null) return undefined;
      value = (value as Record<string, unknown>)[key];
    }
    return value;
  }
  #read<T>(path: string, fallback: T, kind: string, convert: (value: unknown) => T | undefined): T {
    const value = this.#at(path);
    if (value === undefined) return fallback;
    const converted = convert(value);
    if (converted !== undefined) return converted;
    this.faults.push(`host.json: ${path} is ${JSON.stringify(value)}, but must be ${kind}`);
    return fallback;
  }
  text(path: string, fallback: string): string {
    return this.#read(path, fallback, 'a text', (value) => (typeof value === 'string' ? value : undefined));
  }
  flag(path: string, fallback: boolean): boolean {
    return this.#read(path, fallback, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined));
  }
  count(path: string, fallback: number): number {
    return this.#read(path, fallback, 'a whole number from 1 on', (value) =>
      typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined,
    );
  }
  span(path: string, fallback: number): number {
    return this.#read(path, fallback, 'a time span like "00:05:00"', (value) =>
      typeof value === 'string' ? timeSpanMs(value) : undefined,
    );
  }
  level(path: string, fallback: Level): Level {
    return this.#read(path, fallback, 'a log level', (value) =>
      typeof value === 'string' ? levelOf(value) : undefined,
    );
  }
}

/**
 * Reads `host.json` of a built app. Sections this host does not know are left alone, as the real host does.
 * @returns the settings and one sentence for each fault
 */
export async function readHostJson(appDir: string): Promise<{ hostJson: HostJson; faults: string[] }> {
  let raw: unknown = {};
  const faults: string[] = [];
  try {
    raw = JSON.parse(await readFile(join(appDir, 'host.json'), 'utf8'));
  } catch (error) {
    faults.push(`host.json of ${appDir} cannot be read: ${(error as Error).message}`);
  }
  const reader = new Reader(raw);
  if (faults.length === 0 && reader.text('version', '') !== '2.0') {
    faults.push('host.json: version must be "2.0"');
  }
  const timeout = reader.text('functionTimeout', '00:30:00');
  const hostJson: HostJson = {
    routePrefix: reader.text('extensions.http.routePrefix', 'api').replace(/^\/+|\/+$/g, ''),
    functionTimeoutMs: timeout === '-1' ? undefined : reader.span('functionTimeout', 30 * 60_000),
    logLevel: reader.level('logging.logLevel.default', 'information'),
    serviceBus: {
      autoCompleteMessages: reader.flag('extensions.serviceBus.autoCompleteMessages', true),
      maxAutoLockRenewalMs: reader.span('extensions.serviceBus.maxAutoLockRenewalDuration', 5 * 60_000),
      maxConcurrentCalls: reader.count('extensions.serviceBus.maxConcurrentCalls', 16),
      maxConcurrentSessions: reader.count('extensions.serviceBus.maxConcurrentSessions', 8),
      maxConcurrentCallsPerSession: reader.count('extensions.serviceBus.maxConcurrentCallsPerSession', 1),
      maxMessageBatchSize: reader.count('extensions.serviceBus.maxMessageBatchSize', 1000),
      minMessageBatchSize: reader.count('extensions.serviceBus.minMessageBatchSize', 1),
      maxBatchWaitMs: reader.span('extensions.serviceBus.maxBatchWaitTime', 30_000),
      sessionIdleTimeoutMs: reader.span('extensions.serviceBus.sessionIdleTimeout', 60_000),
    },
  };
  return { hostJson, faults: [...faults, ...reader.faults] };
}
