import type { Policy } from './policy.ts';
import type { Act } from './swap/act.ts';
import type { BuildRef, DeploymentId, Identity, LaneId, Sha256, Verdict, Version } from './words.ts';

/** What production runs, by a finding: never what we intended. */
export interface Live {
  /** Unknown to us when somebody else put it there. */
  build: BuildRef | null;
  version: Version;
  identity: Identity;
  deployment: DeploymentId | null;
  liveAt: Date;
  /** What the policy asked when we put it there: its way back is asked the same, whatever the owner's file says by then. */
  asks: Asks | null;
}

export type Asks = Pick<Policy, 'warmUp' | 'versionFrom'>;

/**
 * What we published to the slot last, as it was found there: known again should it come to production without us. In a lane that was
 * restored from a backup: what was live then, for the same purpose.
 */
export interface Staged {
  build: BuildRef;
  identity: Identity;
}

/** A build that went live here and whose package is kept, so that it can be published again. */
export interface Kept {
  build: BuildRef;
  sha256: Sha256;
}

export type StageName =
  | 'queued'
  | 'staging'
  | 'warming'
  | 'verifying'
  | 'awaiting-approval'
  | 'swapping'
  | 'watching'
  | 'awaiting-rollback'
  | 'rolling-back'
  | 'done';

export type Outcome =
  | 'live'
  | 'rolled-back'
  | 'failed'
  | 'rejected'
  | 'expired'
  | 'superseded'
  | 'cancelled'
  | 'needs-human'
  /** Mode observe: only said what it would do. */
  | 'observed'
  /** Mode stage: verified in the slot, not swapped. */
  | 'staged';

/** The answer of one of the owner's checks. */
export interface CheckResult {
  name: string;
  ok: boolean;
  status: number | null;
  latencyMs: number | null;
  why: string;
}

/** What the watch saw; the verdict's evidence. */
export interface Evidence {
  verdict: Verdict | 'so-far-good';
  why: string;
  newGroups: { fingerprint: string; title: string; reports: number }[];
  reportsPerMinute: number | null;
  before: number | null;
  checks: CheckResult[];
  /** The probe report came out of the counting: zero may mean zero. */
  counted: boolean;
}

/** A deployment as it stands: the row `deployment!…`, the notifier's and the API's view. One is kept for each accepted build. */
export interface DeploymentRecord {
  id: DeploymentId;
  lane: LaneId;
  kind: 'deploy' | 'rollback';
  build: BuildRef;
  /** The version production ran when it started, and what it runs now as far as this deployment knows. */
  from: Version | null;
  stage: StageName;
  stages: { stage: StageName; at: Date }[];
  createdAt: Date;
  outcome: Outcome | null;
  why: string;
  requestedBy: string | null;
  liveAt: Date | null;
  checks: CheckResult[];
  evidence: Evidence | null;
  approvedBy: string | null;
  /** Approved by somebody who may only in an emergency. */
  brokeGlass: boolean;
  slackChannel: string | null;
}

interface Moving {
  record: DeploymentRecord;
  build: BuildRef;
  policy: Policy;
}

/** What production ran when this deployment first looked; what it goes back to. */
export interface Former {
  former: Live;
}

/** Each stage carries exactly the facts of that stage. */
export type Deployment =
  | (Moving & { stage: 'staging'; at: Staging })
  | (Moving & Former & { stage: 'warming'; goal: Identity; inARow: number; deadline: Date; lastAnswer: string })
  | (Moving & Former & { stage: 'verifying'; goal: Identity })
  | (Moving & Former & { stage: 'awaiting-approval'; goal: Identity; expiresAt: Date; remindAt: Date | null })
  | (Moving & Former & { stage: 'swapping'; goal: Identity; swap: Act })
  | (Moving &
      Former & {
        stage: 'watching';
        goal: Identity;
        until: Date;
        probe: Probe | null;
        extensions: number;
        stranger: Stranger | null;
        /** Since when only checks fail: believed when they fail again. */
        doubt: Date | null;
      })
  | (Moving &
      Former & { stage: 'awaiting-rollback'; goal: Identity; expiresAt: Date; why: string; stranger: Stranger | null })
  | (Moving & Former & { stage: 'rolling-back'; bad: Identity; why: string; by: string | null; at: RollingBack });

export type Staging =
  | { step: 'looking'; since: Date }
  | { step: 'copying'; former: Live; attempt: number; deadline: Date }
  /** `thenRollBack`: a rollback commanded while an act was open, which must be found out first. */
  | { step: 'acting'; former: Live; act: Act; thenRollBack: RollBackOrder | null };

export type RollingBack =
  | { step: 'looking'; since: Date; first: { production: Identity; staging: Identity; at: Date } | null }
  | { step: 'publishing'; act: Act; kept: Kept }
  | { step: 'warming'; goal: Identity; inARow: number; deadline: Date }
  | { step: 'swapping'; goal: Identity; swap: Act };

/** Something else than what went live, seen in production once; believed when seen again. */
export interface Stranger {
  identity: Identity;
  at: Date;
}

export interface Probe {
  id: string;
  sentAt: Date;
}

export interface Hold {
  by: string;
  because: string;
  since: Date;
}

/** A deployment that waits for its turn. Of its row only that is kept here which the rest can be made of again: twenty may wait. */
export interface Queued {
  record: Pick<DeploymentRecord, 'id' | 'createdAt' | 'requestedBy'>;
  build: BuildRef;
}

/** From what is live to what ran before. */
export interface WayBack {
  live: Live & { build: BuildRef };
  former: Live;
}

export interface RollBackOrder extends WayBack {
  by: string;
  reason: string;
}

/** The lane row: ids and the current step only. */
export interface Lane {
  id: LaneId;
  live: Live | null;
  /** What production ran before; null when we cannot say. Staging may hold another by now. */
  previous: Live | null;
  /** In the order of their going live, newest first, the last five. */
  kept: Kept[];
  staged: Staged | null;
  active: Deployment | null;
  queue: Queued[];
  hold: Hold | null;
  /** When the clock must come back; required while anything is unfinished. */
  wakeAt: Date | null;
  /** When an idle lane is to be looked at next; null: at the next wake. */
  patrolAt: Date | null;
  /** Counts the waits: a wake names the one it belongs to. */
  step: number;
  /** Counters of the rows written so far. */
  journalSeq: number;
  effectSeq: number;
  intentSeq: number;
  /** A change of production that was not ours, seen once; believed when seen again. */
  suspicion: Stranger | null;
}

/** A lane nobody has touched yet. */
export function emptyLane(id: LaneId): Lane {
  return {
    id,
    live: null,
    previous: null,
    kept: [],
    staged: null,
    active: null,
    queue: [],
    hold: null,
    wakeAt: null,
    patrolAt: null,
    step: 0,
    journalSeq: 0,
    effectSeq: 0,
    intentSeq: 0,
    suspicion: null,
  };
}
