import type { Level } from './rpc.ts';

const order: Level[] = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'];

/** One line of the host's output; `function` and `invocationId` only inside an invocation. */
export interface LogLine {
  level: Level;
  message: string;
  function?: string;
  invocationId?: string;
}

export type Log = (line: LogLine) => void;

/** Makes the log: one JSON object a line, `{time, level, function?, invocationId?, message}`, nothing below `minimum`. */
export function createLog(write: (line: string) => void, minimum: Level): Log {
  return ({ level, message, ...where }) => {
    if (order.indexOf(level) < order.indexOf(minimum)) return;
    write(JSON.stringify({ time: new Date().toISOString(), level, ...where, message }));
  };
}

/** Whether `text` is the name of a log level, in any case, as host.json may write it. */
export function levelOf(text: string): Level | undefined {
  return order.find((level) => level === text.toLowerCase());
}
