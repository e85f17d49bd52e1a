import type { CompactedSum } from '../../correlation/sum.ts';
import type { ErrorDelta } from '../../correlation/words.ts';

/** The sum with these deltas in it; those of minutes it counted before are added as late. Deltas are of the same lane, version and fingerprint. */
export function sumWith(
  sum: CompactedSum | null,
  deltas: [ErrorDelta, ...ErrorDelta[]],
  countedThrough: Date,
): CompactedSum {
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
    sample: newest(sum, deltas).sample,
  };
}

/** The sample that is kept is the one of the newest report. */
function newest(sum: CompactedSum | null, deltas: ErrorDelta[]): Pick<ErrorDelta, 'lastAt' | 'sample'> {
  const all: Pick<ErrorDelta, 'lastAt' | 'sample'>[] = [...deltas, ...(sum ? [sum] : [])];
  return all.reduce((a, b) => (b.lastAt > a.lastAt ? b : a));
}
