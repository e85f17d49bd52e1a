import { createRuntime } from '../shared/runtime.ts';
import { settingsFromEnvironment } from '../shared/settings.ts';
import { logLine } from './log-line.ts';

/** What happens outside of one message, as the platform collects it from the output of the process. */
const log = {
  info: (what: string, facts: Record<string, unknown>) => console.log(logLine(what, facts)),
  error: (what: string, facts: Record<string, unknown>) => console.error(logLine(what, facts)),
};

/** One for the whole process; it reads settings and builds clients at their first use, never while functions are registered. */
export const runtime = createRuntime(settingsFromEnvironment, log);
