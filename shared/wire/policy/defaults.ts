import type { Policy } from '../../lane/policy.ts';

/**
 * What holds where apps.yaml says nothing: the only place where defaults are written. `observe` first: an app that was merely
 * listed is never touched. The site has no default but its slot.
 */
export const DEFAULTS = {
  mode: 'observe',
  slot: 'staging',
  warmUp: { path: '/', statuses: [200], timesInARow: 3, everyMs: 2_000, deadlineMs: 300_000 },
  check: { status: 200 },
  approval: { required: false },
  /** Nobody may break the glass who is not named. */
  approvalAsked: { mayApproveOwn: false, breakGlass: [], expiresAfterMs: 14_400_000, remindBeforeMs: 1_800_000 },
  operators: [],
  watch: { forMs: 600_000, everyMs: 15_000 },
  errorLimits: { newGroupReports: 5, ratio: 3, perMinute: 10 },
  /** Held afterwards: the next build probably holds the same fault, so a person looks first. */
  rollback: { mode: 'automatic', askExpiresAfterMs: 1_800_000, holdAfter: true },
  arrivals: { mode: 'supersede' },
} as const satisfies Omit<Policy, 'site' | 'checks' | 'slack' | 'approval' | 'warmUp'> & Record<string, unknown>;
