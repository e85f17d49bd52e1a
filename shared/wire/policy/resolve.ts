import type { Arrivals, Check, Policy, SiteRef, VersionFrom } from '../../lane/policy.ts';
import { DEFAULTS } from './defaults.ts';
import type { LaneShape } from './shape.ts';

/** The policy of one lane from its keys, app and environment laid together; or what is missing or contradictory, with paths below the lane. */
export function resolvePolicy(shape: LaneShape): { policy: Policy } | { faults: string[] } {
  const faults: string[] = [];
  const site = resolveSite(shape.site, faults);
  const approval = resolveApproval(shape.approval, faults);
  if (shape.versionFrom && (shape.versionFrom.pointer === undefined) === (shape.versionFrom.header === undefined)) {
    faults.push('versionFrom: needs either pointer or header');
  }
  const { forMs, everyMs } = DEFAULTS.watch;
  const watch = { forMs: shape.watch?.for ?? forMs, everyMs: shape.watch?.every ?? everyMs };
  if (watch.everyMs > watch.forMs) faults.push('watch.every: must not be longer than watch.for');
  const warmUp = resolveWarmUp(shape.warmUp);
  if (warmUp.everyMs * warmUp.timesInARow > warmUp.deadlineMs) {
    faults.push('warmUp.deadline: must leave time for timesInARow answers, each every apart');
  }
  const checks = (shape.checks ?? []).map(resolveCheck);
  const twice = checks.map(({ name }) => name).find((name, index, names) => names.indexOf(name) < index);
  if (twice !== undefined) faults.push('checks: two have the same name; give each its own');
  if (site === null || faults.length > 0) return { faults };
  return {
    policy: {
      mode: shape.mode ?? DEFAULTS.mode,
      site,
      ...(shape.versionFrom === undefined ? {} : { versionFrom: resolveVersionFrom(shape.versionFrom) }),
      warmUp,
      checks,
      approval,
      watch,
      errorLimits: {
        newGroupReports: shape.errorLimits?.newGroupReports ?? DEFAULTS.errorLimits.newGroupReports,
        ratio: shape.errorLimits?.ratio ?? DEFAULTS.errorLimits.ratio,
        perMinute: shape.errorLimits?.perMinute ?? DEFAULTS.errorLimits.perMinute,
      },
      rollback: {
        mode: shape.rollback?.mode ?? DEFAULTS.rollback.mode,
        askExpiresAfterMs: shape.rollback?.askExpiresAfter ?? DEFAULTS.rollback.askExpiresAfterMs,
        holdAfter: shape.rollback?.holdAfter ?? DEFAULTS.rollback.holdAfter,
      },
      operators: shape.operators ?? [...DEFAULTS.operators],
      arrivals: resolveArrivals(shape.arrivals),
      ...(shape.slack === undefined ? {} : { slack: shape.slack }),
    },
  };
}

function resolveSite(site: LaneShape['site'], faults: string[]): SiteRef | null {
  const { subscription, resourceGroup, name, slot = DEFAULTS.slot } = site ?? {};
  if (subscription === undefined) faults.push('site.subscription: is missing');
  if (resourceGroup === undefined) faults.push('site.resourceGroup: is missing');
  if (name === undefined) faults.push('site.name: is missing');
  if (subscription === undefined || resourceGroup === undefined || name === undefined) return null;
  return { subscriptionId: subscription, resourceGroup, name, slot };
}

function resolveApproval(approval: LaneShape['approval'], faults: string[]): Policy['approval'] {
  if (approval === undefined || approval === 'off' || approval.required === false) return DEFAULTS.approval;
  const { approvers = [], mayApproveOwn = DEFAULTS.approvalAsked.mayApproveOwn, breakGlass, expiresAfter } = approval;
  if (approvers.length === 0) faults.push('approval.approvers: name at least one, or write approval: off');
  if (!mayApproveOwn && approvers.every((name) => name === 'authors') && approvers.length > 0) {
    faults.push(
      'approval.approvers: only authors may approve, and mayApproveOwn forbids them to; set mayApproveOwn: true',
    );
  }
  return {
    required: true,
    approvers,
    mayApproveOwn,
    breakGlass: breakGlass ?? [...DEFAULTS.approvalAsked.breakGlass],
    expiresAfterMs: expiresAfter ?? DEFAULTS.approvalAsked.expiresAfterMs,
    remindBeforeMs: resolveReminder(approval.remindBefore),
  };
}

function resolveReminder(remindBefore: number | 'off' | undefined): number | null {
  return remindBefore === 'off' ? null : (remindBefore ?? DEFAULTS.approvalAsked.remindBeforeMs);
}

function resolveWarmUp(warmUp: LaneShape['warmUp']): Policy['warmUp'] {
  const { path, statuses, timesInARow, every, deadline } = warmUp ?? {};
  return {
    path: path ?? DEFAULTS.warmUp.path,
    statuses: statuses ?? [...DEFAULTS.warmUp.statuses],
    timesInARow: timesInARow ?? DEFAULTS.warmUp.timesInARow,
    everyMs: every ?? DEFAULTS.warmUp.everyMs,
    deadlineMs: deadline ?? DEFAULTS.warmUp.deadlineMs,
  };
}

function resolveCheck(check: NonNullable<LaneShape['checks']>[number]): Check {
  return {
    name: check.name ?? check.path,
    path: check.path,
    status: check.status ?? DEFAULTS.check.status,
    ...(check.contains === undefined ? {} : { contains: check.contains }),
    ...(check.maxLatency === undefined ? {} : { maxLatencyMs: check.maxLatency }),
  };
}

const resolveVersionFrom = ({ path, pointer, header }: NonNullable<LaneShape['versionFrom']>): VersionFrom =>
  pointer === undefined ? { path, header } : { path, pointer };

function resolveArrivals(arrivals: LaneShape['arrivals']): Arrivals {
  if (arrivals === undefined) return DEFAULTS.arrivals;
  return typeof arrivals === 'string' ? { mode: arrivals } : { mode: 'queue', limit: arrivals.queue };
}
