import { stateOf } from '../correlation/group.ts';
import type { GroupState } from '../correlation/words.ts';
import type { LaneId } from '../lane/words.ts';
import type { ErrorGroup, Ports } from '../ports.ts';

export interface GroupNow {
  group: ErrorGroup;
  state: GroupState;
}

/** The error groups of a lane as they stand now: their state follows from facts and from what is live. */
export async function groupsNow(ports: Pick<Ports, 'now' | 'errors' | 'markers'>, lane: LaneId): Promise<GroupNow[]> {
  const [stored, marker] = await Promise.all([ports.errors.groups(lane), ports.markers.inForceAt(lane, ports.now())]);
  return stored.map(({ group }) => ({ group, state: stateOf(group, marker?.version ?? null) }));
}

/** One group's state now. */
export async function groupNow(ports: Pick<Ports, 'now' | 'markers'>, group: ErrorGroup): Promise<GroupNow> {
  const marker = await ports.markers.inForceAt(group.lane, ports.now());
  return { group, state: stateOf(group, marker?.version ?? null) };
}
