import type { LaneId } from '../lane/words.ts';
import { metric } from '../metrics.ts';
import type { Ports } from '../ports.ts';
import { type FoldPorts, fold } from './fold.ts';

export type FoldAllPorts = FoldPorts & Pick<Ports, 'lanes' | 'monotonic'>;

export interface FoldedAll {
  folded: LaneId[];
  failed: { lane: LaneId; because: string }[];
  /** How many were left to the next run. */
  left: number;
}

const MINUTE = 60_000;
/** No lane is begun after it: one alone still ends long before `functionTimeout`, two minutes. */
const BUDGET_MS = 45_000;
/** The golden section: its multiples, cut to their fraction, come to lie as far from each other as they can. */
const SECTION = 0.618_033_988_749_894_9;

/**
 * Folds every lane that has something to fold. One that cannot be folded now does not keep the others waiting; its turn comes again. What
 * there is no time for is left to the next run, which begins elsewhere, so that no lane is always among the last.
 */
export async function foldAll(ports: FoldAllPorts): Promise<FoldedAll> {
  const began = ports.monotonic();
  const lanes = inTurn(await ports.errors.lanesWithDeltas(), Math.floor(ports.now().getTime() / MINUTE));
  const result: FoldedAll = { folded: [], failed: [], left: 0 };
  for (const [index, lane] of lanes.entries()) {
    if (ports.monotonic() - began > BUDGET_MS) {
      result.left = lanes.length - index;
      break;
    }
    try {
      await fold(ports, lane, await watchedSince(ports, lane));
      result.folded.push(lane);
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      ports.log.error('the errors of a lane could not be counted', { lane, because });
      result.failed.push({ lane, because });
    }
  }
  metric(ports.log, 'fold.lanes', result.folded.length, {});
  metric(ports.log, 'fold.left', result.left, {});
  metric(ports.log, 'fold.duration', Math.round(ports.monotonic() - began), {});
  return result;
}

/** The lanes, beginning with another one each run: a few runs begin all over the list, whatever their number. */
export function inTurn(lanes: LaneId[], run: number): LaneId[] {
  const first = Math.floor(((run * SECTION) % 1) * lanes.length);
  return [...lanes.slice(first), ...lanes.slice(0, first)];
}

/** When the version went live that is being judged in the lane; null: none is. */
async function watchedSince(ports: FoldAllPorts, lane: LaneId): Promise<Date | null> {
  const { active } = (await ports.lanes.load(lane)).lane;
  return active?.stage === 'watching' ? active.record.liveAt : null;
}
