import type { Actor, Build, BuildId, DeploymentId, InputId, LaneId, Sha256 } from './words.ts';

/** A person's (or a named token's) word about a lane. `sawLive`: the build the sender saw live; refused when it no longer is. */
export type Command =
  | { type: 'approve'; deployment: DeploymentId; build: BuildId }
  | { type: 'reject'; deployment: DeploymentId; build: BuildId; reason: string }
  | { type: 'roll-back'; sawLive: BuildId; reason: string }
  | { type: 'end-watch'; deployment: DeploymentId; sawLive: BuildId }
  | { type: 'hold'; reason: string }
  | { type: 'release' }
  | { type: 'retry'; deployment: DeploymentId; sawLive: BuildId | null }
  /** A build that came and was refused: for its age, or because the lane was busy. */
  | { type: 'deploy'; build: BuildId; sawLive: BuildId | null };

/** Whatever may move a lane comes as one of these, one at a time per lane. */
export type Input = { id: InputId; lane: LaneId } & (
  | { type: 'build-arrived'; build: Build }
  /** `replyTo`: where the asker alone is told what became of it. */
  | { type: 'command'; by: Actor; command: Command; replyTo?: string | undefined }
  /** The clock. `step` names the waiting it belongs to: a late or double one is recognised by it. */
  | { type: 'wake'; step: number }
  | { type: 'package-copied'; deployment: DeploymentId; sha256: Sha256; attempt: number }
  /** A hint, of whatever truth: somebody (perhaps we) changed the site. `request`: the id its sender gave the change, if any. */
  | { type: 'site-changed'; request: string | null }
  | { type: 'package-refused'; deployment: DeploymentId; because: string; attempt: number }
);

/** An input whose sender can read what became of it. */
export const isAnswered = (input: Input): boolean => input.type === 'build-arrived' || input.type === 'command';
