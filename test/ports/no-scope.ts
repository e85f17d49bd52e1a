import type { Scope } from '../../shared/ports.ts';

/** Outside of any invocation: nothing is continued, and no log line has ids. */
export const noScope: Scope = { trace: () => null, within: (_about, work) => work() };
