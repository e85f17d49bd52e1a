import type { Input } from '../lane/input.ts';
import type { Ports, StoredLane } from '../ports.ts';

/** The lane left the owner's file and nothing moves in it any more: there is no policy to look at it by, and nothing to look for. */
export const isGone = ({ apps }: Pick<Ports, 'apps'>, { lane }: StoredLane): boolean =>
  lane.active === null && !apps.lanes().includes(lane.id);

/** What asks a lane to look, and is no word of anybody's: in one that is gone it is no fault of its sender. */
export const isReminder = ({ type }: Input): boolean => type === 'wake' || type === 'site-changed';
