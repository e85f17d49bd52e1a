import type { Fingerprint } from '../lane/words.ts';
import { hash64 } from './hash.ts';
import { type FrameKey, type FrameKeyOf, frameKey, isInApp } from './normalise-frame.ts';
import { normaliseMessage } from './normalise-message.ts';
import { normaliseModule } from './normalise-module.ts';
import { probeFingerprint, probeOf } from './probe.ts';
import type { ErrorReport, Frame, ReportedException } from './words.ts';

/** Part of every hash: a later way of grouping gets another number, so that it never meets old fingerprints by chance. */
const MECHANISM = 'w1';
/** Deeper frames say how the program was entered, not what went wrong. */
const MOST_FRAMES = 50;

/** Recursion of any depth is one error: a run of one to three frames that follows itself counts once. */
function withoutRecursion(keys: string[]): string[] {
  const kept: string[] = [];
  for (const key of keys) {
    kept.push(key);
    for (const length of [1, 2, 3]) {
      const end = kept.length;
      if (end < 2 * length) break;
      const repeats = kept.slice(end - length).every((text, at) => text === kept[end - 2 * length + at]);
      if (repeats) {
        kept.length = end - length;
        break;
      }
    }
  }
  return kept;
}

const keysOf = (exception: ReportedException, counts: (frame: Frame) => boolean, keyOf: FrameKeyOf): FrameKey[] =>
  exception.frames
    .slice(0, MOST_FRAMES)
    .filter(counts)
    .map(keyOf)
    .filter((key) => key !== null);

/** Types and in-app frames; without in-app frames all of them; and the message where no frame names a function. */
function derived(report: ErrorReport, keyOf: FrameKeyOf): string[] {
  const { exceptions } = report;
  if (exceptions.length === 0) return ['message', normaliseMessage(report.message ?? '')];
  const inApp = exceptions.map((exception) => keysOf(exception, isInApp, keyOf));
  const chosen = inApp.some((keys) => keys.length > 0)
    ? inApp
    : exceptions.map((exception) => keysOf(exception, () => true, keyOf));
  const named = chosen.some((keys) => keys.some((key) => key.named));
  return exceptions.flatMap((exception, at) => [
    'type',
    normaliseModule(exception.type),
    ...withoutRecursion((chosen[at] ?? []).map((key) => key.text)),
    ...(named ? [] : ['message', normaliseMessage(exception.message)]),
  ]);
}

/**
 * What makes occurrences one group: 16 hex characters that stay the same over deployments, hosts and users. The client's own
 * fingerprint decides where it gave one; `{{ default }}` in it stands for ours, which it then only refines.
 */
export function fingerprintOf(report: ErrorReport, keyOf: FrameKeyOf = frameKey): Fingerprint {
  const probe = probeOf(report);
  if (probe !== null) return probeFingerprint(probe);
  const own = report.fingerprint?.trim() ?? '';
  if (own === '') return hash64(MECHANISM, ...derived(report, keyOf)) as Fingerprint;
  if (/^\{\{\s*default\s*\}\}$/.test(own)) return hash64(MECHANISM, ...derived(report, keyOf)) as Fingerprint;
  if (/\{\{\s*default\s*\}\}/.test(own))
    return hash64(MECHANISM, 'refined', own, ...derived(report, keyOf)) as Fingerprint;
  return hash64('client', own) as Fingerprint;
}
