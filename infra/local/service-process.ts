import { type Child, startChild } from './child.ts';

/** The service's own process, which may be killed and started again while everything else stays. */
export interface ServiceProcess {
  pid(): number;
  /** kill -9. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** The real host ends a worker whose function ran too long, and starts another; the local one ends itself with this code. */
const functionTimeout = 75;

/** Starts the functions host. `broken` is told when it ends and nobody asked it to. */
export async function startService(
  config: object,
  options: { env: Record<string, string>; logDir: string },
  broken: (what: string) => void,
): Promise<ServiceProcess> {
  let child: Child<unknown>;
  let wanted = true;
  const start = async (): Promise<void> => {
    wanted = true;
    const started = await startChild('functions-host', config, options);
    child = started;
    void started.ended.then((code) => {
      if (!wanted || child !== started) return;
      if (code === functionTimeout)
        start().catch((error: unknown) => broken(`the service did not start again: ${String(error)}`));
      else broken(`functions-host ended; see ${options.logDir}/functions-host.log`);
    });
  };
  await start();
  const end = async (how: 'kill' | 'stop'): Promise<void> => {
    wanted = false;
    await child[how]();
  };
  return { pid: () => child.pid, kill: () => end('kill'), stop: () => end('stop'), start };
}
