import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import {
  type FunctionsHostAddresses,
  type FunctionsHostConfig,
  startFunctionsHost,
} from '../../../infra/local/functions-host/functions-host.ts';
import type { RunningPart } from '../../../infra/local/part.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Writes a small app to a folder of its own, bundled as the product is: ESM, one file, `@azure/functions` inside and
 * `@azure/functions-core` left to the host.
 */
export async function writeApp(source: string, hostJson: object = {}): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'functions-host-app-'));
  await build({
    stdin: { contents: `import { app } from '@azure/functions';\n${source}`, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile: join(dir, 'main.js'),
    external: ['@azure/functions-core'],
    banner: { js: "import { createRequire as cr } from 'node:module'; const require = cr(import.meta.url);" },
    logLevel: 'error',
  });
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ name: 'fixture', type: 'module', main: 'main.js' }));
  writeFileSync(join(dir, 'host.json'), JSON.stringify({ version: '2.0', ...hostJson }));
  return dir;
}

export interface RunningHost extends RunningPart<FunctionsHostAddresses> {
  service: string;
  /** What the app and the host have logged so far. */
  lines: { level: string; message: string; function?: string; invocationId?: string }[];
  /** Parsed messages that the functions logged with `context.log(JSON.stringify(…))`. */
  said(): Record<string, unknown>[];
}

const open: (() => Promise<void>)[] = [];

/** Starts a host for an app of the given source, in this process. `closeHosts` ends it. */
export async function startHost(
  source: string,
  hostJson: object = {},
  config: Partial<FunctionsHostConfig> = {},
): Promise<RunningHost> {
  const appDir = await writeApp(source, hostJson);
  const lines: RunningHost['lines'] = [];
  open.push(async () => rmSync(appDir, { recursive: true, force: true }));
  const part = await startFunctionsHost({
    appDir,
    port: 0,
    env: {},
    timeoutEndsProcess: false,
    write: (line) => lines.push(JSON.parse(line) as RunningHost['lines'][number]),
    ...config,
  });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= part.close();
    return closed;
  };
  open.push(close);
  return {
    ...part,
    close,
    service: part.addresses.service,
    lines,
    said: () =>
      lines
        .filter((line) => line.function !== undefined && line.message.startsWith('{'))
        .map((line) => JSON.parse(line.message) as Record<string, unknown>),
  };
}

/** Ends what the tests of a file have started. */
export async function closeHosts(): Promise<void> {
  for (const close of open.splice(0).reverse()) await close();
}

/** Waits until `condition` gives something, looking every 10 ms. */
export async function eventually<T>(condition: () => T | undefined | false, ms = 20_000): Promise<T> {
  const until = Date.now() + ms;
  for (;;) {
    const value = condition();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > until) throw new Error(`not within ${ms} ms: ${String(condition)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
