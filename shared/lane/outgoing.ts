import type { DeploymentId, LaneId, Sha256 } from './words.ts';

/** What leaves a lane besides its acts: orders to copy a package, and word that something changed. */

/** "Copy this artefact into our container": what the queue `packages` carries. */
export interface PackageOrder {
  lane: LaneId;
  deployment: DeploymentId;
  /** Which try of the deployment this is. */
  attempt: number;
  url: string;
  sha256: Sha256;
  /** Bytes, where the event named them. */
  size?: number | undefined;
}

export const eventTypes = [
  'io.warmswap.deployment.changed',
  'io.warmswap.error-group.announced',
  'io.warmswap.dead-letter.stored',
  'io.warmswap.lane.changed',
  'io.warmswap.input.answered',
] as const;

/** What the topic `deployment-events` tells: that something changed, never how it stands; a subscriber reads that itself. */
export interface OutgoingEvent {
  /** Repeats of the same change have the same id. */
  id: string;
  type: (typeof eventTypes)[number];
  /** Deployment id, or `<lane>!<fingerprint>`: one is rendered at a time. */
  subject: string;
  time: Date;
  data: Record<string, string | number | boolean | null>;
}
