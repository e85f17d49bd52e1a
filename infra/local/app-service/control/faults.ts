import type { Received } from './request-log.ts';

/** Which calls a fault meets. What is left out matches all; `times` is how many calls it meets (1 where left out). */
export interface FaultMatch {
  method?: string;
  /** A regular expression over path and query, case ignored. */
  path?: string;
  surface?: 'arm' | 'kudu';
  times?: number;
}

export type Fault =
  /** "Another operation is in progress", although none is. Not taken. */
  | { fault: 'refuse-409' }
  /** Any status, with any body and headers. Not taken. */
  | { fault: 'status'; status: number; body?: object | string; headers?: Record<string, string> }
  /** The connection breaks before the call is taken. */
  | { fault: 'reset-before' }
  /** The call is taken, then the connection breaks instead of the answer. */
  | { fault: 'reset-after' }
  /** The connection breaks at once, and the call is taken `delayMs` later. */
  | { fault: 'late'; delayMs: number }
  /** Never answered, and not taken. */
  | { fault: 'hang' }
  /** Taken; the answer has no Location. */
  | { fault: 'no-location' }
  /** Taken and answered, `delayMs` later. */
  | { fault: 'delay'; delayMs: number };

export type FaultName = Fault['fault'];

export const FAULT_NAMES: readonly FaultName[] = [
  'refuse-409',
  'status',
  'reset-before',
  'reset-after',
  'late',
  'hang',
  'no-location',
  'delay',
];

export interface Faults {
  arm(match: FaultMatch, fault: Fault): void;
  clear(): void;
  /** The fault a call runs into, if one is armed for it: the one armed first. It is used up by that. */
  meet(received: Received): Fault | undefined;
  armed(): { match: FaultMatch; fault: Fault; left: number }[];
}

export function faultList(): Faults {
  let list: { match: FaultMatch; fault: Fault; left: number }[] = [];
  return {
    arm(match, fault) {
      list.push({ match, fault, left: match.times ?? 1 });
    },
    clear() {
      list = [];
    },
    meet(received) {
      const met = list.find(({ match }) => matches(match, received));
      if (met === undefined) return undefined;
      met.left -= 1;
      list = list.filter(({ left }) => left > 0);
      return met.fault;
    },
    armed: () => list,
  };
}

function matches({ method, path, surface }: FaultMatch, received: Received): boolean {
  if (method !== undefined && method.toUpperCase() !== received.method) return false;
  if (surface !== undefined && surface !== received.surface) return false;
  return path === undefined || new RegExp(path, 'i').test(received.path);
}
