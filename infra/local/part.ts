/** A running part of the local Azure: where it answers, and how to end it. */
export interface RunningPart<Addresses> {
  addresses: Addresses;
  close(): Promise<void>;
}

/**
 * Runs one part of the local Azure as a process of its own. Its configuration is the JSON text of the first argument;
 * when it answers it prints one line `{"ready":true, ...addresses}` on stdout. It ends on SIGTERM or SIGINT, and when
 * its standard input closes, which is how it learns that its parent is gone, however that parent died.
 */
export async function runPart<Config, Addresses extends object>(
  name: string,
  start: (config: Config) => Promise<RunningPart<Addresses>>,
): Promise<void> {
  let ending = false;
  let part: RunningPart<Addresses> | undefined;
  const end = (code: number): void => {
    if (ending) return;
    ending = true;
    // A part that cannot close in time must not keep its ports: the exit closes them.
    setTimeout(() => process.exit(code), 15_000).unref();
    Promise.resolve(part?.close()).then(
      () => process.exit(code),
      (error: unknown) => {
        console.error(`${name}: could not close cleanly`, error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => end(0));
  process.on('SIGINT', () => end(0));
  process.stdin.on('end', () => end(0));
  process.stdin.on('error', () => end(0));
  process.stdin.resume();
  try {
    part = await start(JSON.parse(process.argv[2] ?? '{}') as Config);
    if (!ending) process.stdout.write(`${JSON.stringify({ ready: true, ...part.addresses })}\n`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const port = (error as { port?: number }).port;
    process.stderr.write(
      code === 'EADDRINUSE'
        ? `${name}: port ${port} is in use; choose another with --port-base\n`
        : `${name}: ${error instanceof Error ? `${error.message}\n${framesOf(error)}` : String(error)}\n`,
    );
    process.exit(1);
  }
}

const framesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
