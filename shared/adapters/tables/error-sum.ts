import type { ErrorDelta, Sample } from '../../correlation/words.ts';
import type { Fingerprint, LaneId, Version } from '../../lane/words.ts';

/** What the compacted deltas of one fingerprint in one lane and version came to. */
export interface ErrorSum {
  lane: LaneId;
  version: Version | null;
  fingerprint: Fingerprint;
  count: number;
  /** Of deltas that came after their minute was compacted: they may repeat what was counted, so they are shown apart. */
  late: number;
  firstAt: Date;
  lastAt: Date;
  /** The newest minute that is summed. A delta of this minute or an earlier one is late. */
  countedThrough: Date;
  sample: Sample;
}

/** The sum with these deltas in it; those of minutes it counted before are added as late. Deltas are of the same lane, version and fingerprint. */
export function sumWith(sum: ErrorSum | null, deltas: [ErrorDelta, ...ErrorDelta[]], countedThrough: Date): ErrorSum {
  const [first] = deltas;
  let { count, late } = sum ?? { count: 0, late: 0 };
  for (const delta of deltas) {
    if (sum !== null && delta.minute <= sum.countedThrough) late += delta.count;
    else count += delta.count;
  }
  const times = (pick: 'firstAt' | 'lastAt'): number[] =>
    [...deltas, ...(sum ? [sum] : [])].map((one) => one[pick].getTime());
  return {
    lane: first.lane,
    version: first.version,
    fingerprint: first.fingerprint,
    count,
    late,
    firstAt: new Date(Math.min(...times('firstAt'))),
    lastAt: new Date(Math.max(...times('lastAt'))),
    countedThrough: sum !== null && sum.countedThrough > countedThrough ? sum.countedThrough : countedThrough,
    sample: sum?.sample ?? first.sample,
  };
}
