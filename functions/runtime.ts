import { createRuntime } from '../shared/runtime.ts';
import { settingsFromEnvironment } from '../shared/settings.ts';

/** What happens outside of one message, as the platform collects it from the output of the process. */
const log = {
  info: (what: string, facts: Record<string, unknown>) => console.log(JSON.stringify({ what, ...facts })),
  error: (what: string, facts: Record<string, unknown>) => console.error(JSON.stringify({ what, ...facts })),
};

/** One for the whole process; it reads settings and builds clients at their first use, never while functions are registered. */
export const runtime = createRuntime(settingsFromEnvironment, log);
