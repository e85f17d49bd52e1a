import type { CheckResult, Evidence } from './lane.ts';
import type { Policy } from './policy.ts';

type Limits = Policy['errorLimits'];
type Counts = Pick<Evidence, 'newGroups' | 'reportsPerMinute' | 'before'>;

/** What was counted of errors is over the owner's limits. */
export function hasTooManyErrors(limits: Limits, { newGroups, reportsPerMinute, before }: Counts): boolean {
  if (newGroups.some(({ reports }) => reports >= limits.newGroupReports)) return true;
  if (reportsPerMinute === null) return false;
  return reportsPerMinute >= limits.perMinute && reportsPerMinute > limits.ratio * (before ?? 0);
}

/** Nothing but checks speaks against the version: one sample of them may be a hiccup of the network, on its side or ours. */
export function restsOnChecks(limits: Limits, evidence: Counts & { checks: CheckResult[] }): boolean {
  return evidence.checks.some(({ ok }) => !ok) && !hasTooManyErrors(limits, evidence);
}
