import { createRuntime } from '../shared/runtime.ts';
import { settingsFromEnvironment } from '../shared/settings.ts';
import { log } from './log.ts';
import { scope } from './scope.ts';

/** One for the whole process; it reads settings and builds clients at their first use, never while functions are registered. */
export const runtime = createRuntime(settingsFromEnvironment, log, scope);
