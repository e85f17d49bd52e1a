import type { Fingerprint } from '../lane/words.ts';
import { hash64 } from './hash.ts';
import type { ErrorReport } from './words.ts';

/** The tag by which our own probe report is known; its value is the probe's id. */
export const PROBE_TAG = 'io.warmswap.probe';

const PREFIX = 'probe-';

/** The id of the probe that a report is; null for everybody else's reports. */
export function probeOf(report: Pick<ErrorReport, 'tags'>): string | null {
  const id = Object.hasOwn(report.tags, PROBE_TAG) ? report.tags[PROBE_TAG] : undefined;
  return id === undefined || id === '' ? null : id;
}

/** Under which a probe is counted. No report can have such a fingerprint otherwise: all others are hex. */
export const probeFingerprint = (id: string): Fingerprint => `${PREFIX}${hash64(id)}` as Fingerprint;

export const isProbe = (fingerprint: string): boolean => fingerprint.startsWith(PREFIX);
