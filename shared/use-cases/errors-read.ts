import { type CompactedSum, untouched } from '../correlation/sum.ts';
import type { ErrorDelta } from '../correlation/words.ts';
import type { LaneId } from '../lane/words.ts';
import { LostRace, type Ports } from '../ports.ts';

/** A compaction ends within seconds; whoever still meets it after so many readings leaves the lane to the next fold. */
const TRIES = 5;

/**
 * A lane's deltas and what others were compacted into, each report in exactly one of the two. They are read one after the other, and
 * another fold may compact in between: the same report would then be in both, or its minute be taken for one that came late. A
 * transaction that takes deltas changes a sum of their partition, so between two equal readings of the sums no delta went into one.
 * Throws LostRace where there were no such two.
 */
export async function readErrors(
  errors: Pick<Ports['errors'], 'deltas' | 'sums'>,
  lane: LaneId,
): Promise<{ deltas: ErrorDelta[]; compacted: CompactedSum[] }> {
  let before = await errors.sums(lane);
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const deltas = await errors.deltas(lane, new Date(0));
    const compacted = await errors.sums(lane);
    if (untouched(before, compacted)) return { deltas, compacted };
    before = compacted;
  }
  throw new LostRace(`the errors of ${lane} were compacted each of the ${TRIES} times they were read`);
}
