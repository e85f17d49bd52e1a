import type { LaneId } from '../../shared/lane/words.ts';
import { type Apps, Unreadable } from '../../shared/ports.ts';
import type { Asked } from './answer.ts';

/** The address names nothing that is. What exactly is missing is nobody's to learn: all are answered alike. */
export class NothingHere extends Error {
  override name = 'NothingHere';
}

/** The lane that a query or a body names, if the owner's file has it. Throws Unreadable. */
export function knownLane(apps: Apps, named: string | null): LaneId {
  const lane = apps.lanes().find((each) => each === named);
  if (lane === undefined) throw new Unreadable(`lane: expected one of ${apps.lanes().join(', ')}`);
  return lane;
}

/** The lane that an address is under. Throws NothingHere. */
export function laneAt(apps: Apps, asked: Pick<Asked<unknown>, 'param'>): LaneId {
  const lane = apps.lanes().find((each) => each === asked.param('lane'));
  if (lane === undefined) throw new NothingHere();
  return lane;
}

/** How many rows a caller wants: `?most=`, 1–200, default 50. */
export function mostOf(asked: Pick<Asked<unknown>, 'query'>): number {
  const most = Number(asked.query('most') ?? 50);
  if (!Number.isInteger(most) || most < 1 || most > 200) throw new Unreadable('most: expected a number from 1 to 200');
  return most;
}
