import { mostEnded } from '../lane/arrivals.ts';
import { enter } from '../lane/decision.ts';
import type { Effect } from '../lane/effect.ts';
import type { Input } from '../lane/input.ts';
import type { DeploymentRecord } from '../lane/lane.ts';
import { leftTheFile } from '../lane/left-the-file.ts';
import type { Ports, StoredLane } from '../ports.ts';
import { commit, type Move } from './commit.ts';

/** The lane left the owner's file and nothing moves in it any more: there is no policy to look at it by, and nothing to look for. */
export const isGone = ({ apps }: Pick<Ports, 'apps'>, { lane }: StoredLane): boolean =>
  lane.active === null && !apps.lanes().includes(lane.id);

/** What asks a lane to look, and is no word of anybody's: in one that is gone it is no fault of its sender. */
export const isReminder = ({ type }: Input): boolean => type === 'wake' || type === 'site-changed';

/**
 * What waited in a lane that is gone ends, as its rows say it: with no policy there is nothing else to make them of. What is too much
 * for one write is left to the next reminder.
 */
export async function giveUpQueue(ports: Ports, stored: StoredLane, input: string): Promise<StoredLane> {
  const { queue, id } = stored.lane;
  const records: DeploymentRecord[] = [];
  for (const { record } of queue.slice(0, mostEnded)) {
    const row = await ports.lanes.deployment(id, record.id);
    if (row !== null) records.push({ ...enter(row, 'done', ports.now()), outcome: 'cancelled', why: leftTheFile(id) });
  }
  const effects = records.map((record): Effect => ({ type: 'announce', deployment: record.id }));
  const told = records.map(({ build }) => `${build.version} is cancelled`).join('; ');
  const lane = { ...stored.lane, queue: queue.slice(mostEnded) };
  const move: Move = {
    kind: 'move',
    lane,
    effects,
    records,
    newBuild: null,
    quarantined: [],
    told,
    deployment: null,
  };
  return commit(ports, stored, move, { input, by: null, settled: [], seen: [] });
}
