import type { LaneId } from './words.ts';

/** Why nothing new starts in a lane whose owner took it out of the file. */
export const leftTheFile = (lane: LaneId): string => `${lane} is in the owner's file no longer`;
