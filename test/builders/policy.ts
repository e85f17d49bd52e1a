import type { Policy, Timing } from '../../shared/lane/policy.ts';

/** The durations of the profile for Azure. */
export const timing: Timing = {
  quietMs: 200_000,
  lookGapMs: 15_000,
  claimMs: 10_000,
  requestDeadlineMs: 20_000,
  pollFirstMs: 5_000,
  pollThenMs: 10_000,
  operationMs: 30 * 60_000,
  patrolMs: 5 * 60_000,
  copyMs: 10 * 60_000,
};

export function aPolicy(more: Partial<Policy> = {}): Policy {
  return {
    mode: 'swap',
    site: {
      subscriptionId: '11111111-1111-1111-1111-111111111111',
      resourceGroup: 'shop',
      name: 'shop-prod',
      slot: 'staging',
    },
    versionFrom: { path: '/version.json', pointer: '/version' },
    warmUp: { path: '/health', statuses: [200, 204], timesInARow: 3, everyMs: 2_000, deadlineMs: 300_000 },
    checks: [{ name: 'home', path: '/', status: 200 }],
    approval: { required: false },
    watch: { forMs: 600_000, everyMs: 15_000 },
    errorLimits: { newGroupReports: 5, ratio: 3, perMinute: 10 },
    rollback: { mode: 'automatic', askExpiresAfterMs: 1_800_000, holdAfter: true },
    operators: [],
    arrivals: { mode: 'supersede' },
    slack: { channel: '#shop' },
    ...more,
  };
}

/** The approval Ada may give, until two hours are over. */
export const byAda: Extract<Policy['approval'], { required: true }> = {
  required: true,
  approvers: ['Ada', 'Grace'],
  mayApproveOwn: false,
  breakGlass: [],
  expiresAfterMs: 7_200_000,
  remindBeforeMs: null,
};
