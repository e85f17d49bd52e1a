import type { Log } from './host-log.ts';
import type { TimerFunction } from './indexing.ts';
import type { Invocations } from './invocations.ts';
import type { InvocationInput } from './rpc.ts';

/** The longest delay `setTimeout` takes; a timer that is due later is looked at again then. */
const longestDelayMs = 2 ** 31 - 1;

/**
 * What a timer function is handed. The host's side of this shape is imitated from the library's types: capital first
 * letters, which the library lowers. The local host keeps no schedule state over a restart, so nothing is ever past due.
 */
export function timerInput(fn: TimerFunction, last: Date | undefined, now: Date): InvocationInput {
  const status = {
    Last: (last ?? new Date(0)).toISOString(),
    Next: fn.schedule.next(now).toISOString(),
    LastUpdated: (last ?? now).toISOString(),
  };
  const value = { Schedule: { AdjustForDST: true }, ScheduleStatus: status, IsPastDue: false };
  return { inputData: [{ name: fn.input, data: { json: JSON.stringify(value) } }], triggerMetadata: {} };
}

/**
 * Starts a timer. The next run is planned when the last one has ended, so runs never overlap; occurrences that pass
 * meanwhile are left out. A run that fails is logged and the schedule goes on.
 * @returns ends the timer; a run that has begun goes on
 */
export function startTimer(fn: TimerFunction, invocations: Invocations, log: Log): () => void {
  let ended = false;
  let timeout: NodeJS.Timeout | undefined;
  let last: Date | undefined;

  const plan = (): void => {
    if (ended) return;
    wait(fn.schedule.next(new Date()));
  };
  const wait = (due: Date): void => {
    const left = due.getTime() - Date.now();
    timeout = setTimeout(
      () => (left > longestDelayMs ? wait(due) : run()),
      Math.min(Math.max(left, 0), longestDelayMs),
    );
  };
  const run = (): void => {
    const started = new Date();
    invocations.run(fn.registered, timerInput(fn, last, started)).then(
      () => {
        last = started;
        plan();
      },
      () => plan(),
    );
  };

  log({ level: 'debug', message: `timer "${fn.name}" is next due at ${fn.schedule.next(new Date()).toISOString()}` });
  if (fn.runOnStartup) run();
  else plan();
  return () => {
    ended = true;
    clearTimeout(timeout);
  };
}
