import type { LaneShape } from './shape.ts';

/**
 * An environment's keys over its app's. A section is laid together key by key, so that an environment can change one duration;
 * a list, and `versionFrom` whose keys exclude each other, replaces as a whole.
 */
export function mergeShapes(app: LaneShape, own: LaneShape): LaneShape {
  return {
    mode: own.mode ?? app.mode,
    site: { ...app.site, ...own.site },
    versionFrom: own.versionFrom ?? app.versionFrom,
    warmUp: { ...app.warmUp, ...own.warmUp },
    checks: own.checks ?? app.checks,
    approval: mergeApproval(app.approval, own.approval),
    operators: own.operators ?? app.operators,
    watch: { ...app.watch, ...own.watch },
    errorLimits: { ...app.errorLimits, ...own.errorLimits },
    rollback: { ...app.rollback, ...own.rollback },
    arrivals: own.arrivals ?? app.arrivals,
    slack: own.slack ?? app.slack,
  };
}

function mergeApproval(app: LaneShape['approval'], own: LaneShape['approval']): LaneShape['approval'] {
  if (own === undefined || own === 'off') return own ?? app;
  return app === undefined || app === 'off' ? own : { ...app, ...own };
}
