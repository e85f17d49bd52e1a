import type { LaneId } from '../../shared/lane/words.ts';
import { type Apps, Unreadable } from '../../shared/ports.ts';
import type { Asked } from './answer.ts';

/** The lane a caller names, if the owner's file has it. Throws Unreadable. */
export function knownLane(apps: Apps, named: string | null): LaneId {
  const lane = apps.lanes().find((each) => each === named);
  if (lane === undefined) throw new Unreadable(`lane: expected one of ${apps.lanes().join(', ')}`);
  return lane;
}

/** How many rows a caller wants: `?most=`, 1–200, default 50. */
export function mostOf(asked: Asked): number {
  const most = Number(asked.query('most') ?? 50);
  if (!Number.isInteger(most) || most < 1 || most > 200) throw new Unreadable('most: expected a number from 1 to 200');
  return most;
}
