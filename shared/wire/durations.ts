import * as v from 'valibot';
import type { Timing } from '../lane/policy.ts';

/** The durations of the act protocol and those they are measured against, in milliseconds. */
export interface Durations extends Timing {
  /** The platform's own limit of one invocation (host.json `functionTimeout`). */
  functionTimeoutMs: number;
  /** A lane this long overdue is woken by the sweep. */
  sweepAfterMs: number;
}

/** DESIGN §6. What follows from an unknown request is decided by these; smaller ones were shown to lose. */
export const AZURE: Durations = {
  functionTimeoutMs: 120_000,
  requestDeadlineMs: 20_000,
  quietMs: 200_000,
  lookGapMs: 15_000,
  claimMs: 10_000,
  pollFirstMs: 5_000,
  pollThenMs: 10_000,
  operationMs: 30 * 60_000,
  patrolMs: 5 * 60_000,
  copyMs: 10 * 60_000,
  sweepAfterMs: 60_000,
};

/** All shrunk together, for a local Azure whose swaps take seconds. */
export const TEST: Durations = {
  functionTimeoutMs: 4_000,
  requestDeadlineMs: 3_000,
  quietMs: 8_000,
  lookGapMs: 500,
  claimMs: 1_000,
  pollFirstMs: 200,
  pollThenMs: 400,
  operationMs: 60_000,
  patrolMs: 5_000,
  copyMs: 30_000,
  sweepAfterMs: 5_000,
};

const milliseconds = v.pipe(v.number(), v.integer('must be whole milliseconds'), v.minValue(1, 'must be at least 1'));
export const durations = v.partial(
  v.strictObject({
    functionTimeoutMs: milliseconds,
    requestDeadlineMs: milliseconds,
    quietMs: milliseconds,
    lookGapMs: milliseconds,
    claimMs: milliseconds,
    pollFirstMs: milliseconds,
    pollThenMs: milliseconds,
    operationMs: milliseconds,
    patrolMs: milliseconds,
    copyMs: milliseconds,
    sweepAfterMs: milliseconds,
  }),
);
/** The inequalities the swap protocol was checked under (DESIGN §6); a shorter profile must keep them among its own numbers. */
export function brokenAnywhere(t: Durations): string[] {
  return [
    ...(t.quietMs > t.functionTimeoutMs + t.requestDeadlineMs
      ? []
      : ['quietMs must be more than functionTimeoutMs + requestDeadlineMs']),
    ...(t.claimMs + t.requestDeadlineMs <= t.functionTimeoutMs
      ? []
      : ['claimMs + requestDeadlineMs must be at most functionTimeoutMs']),
    ...(t.pollFirstMs <= t.pollThenMs ? [] : ['pollFirstMs must be at most pollThenMs']),
    ...(t.operationMs > t.quietMs ? [] : ['operationMs must be more than quietMs']),
  ];
}

/** What a profile for Azure breaks: there, nothing may be smaller than what the protocol was checked with. */
export function brokenOnAzure(t: Durations): string[] {
  const least = (name: keyof Durations): string[] =>
    t[name] < AZURE[name] ? [`${name} must be at least ${AZURE[name]} on Azure`] : [];
  const atLeast = (name: keyof Durations, ms: number): string[] =>
    t[name] < ms ? [`${name} must be at least ${ms} on Azure`] : [];
  const margin = t.functionTimeoutMs + t.requestDeadlineMs + 60_000;
  return [
    ...least('functionTimeoutMs'),
    ...least('lookGapMs'),
    ...least('pollFirstMs'),
    ...least('pollThenMs'),
    ...least('operationMs'),
    ...least('sweepAfterMs'),
    ...atLeast('patrolMs', 60_000),
    ...atLeast('copyMs', 120_000),
    ...atLeast('requestDeadlineMs', 5_000),
    ...(t.claimMs > AZURE.claimMs ? [`claimMs must be at most ${AZURE.claimMs} on Azure`] : []),
    ...(t.quietMs < margin
      ? [`quietMs must be at least functionTimeoutMs + requestDeadlineMs + 60000 = ${margin}`]
      : []),
    ...brokenAnywhere(t),
  ];
}
