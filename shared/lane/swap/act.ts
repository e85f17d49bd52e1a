import type { Look } from '../look.ts';
import type { DeploymentId, Identity, IntentId, Sha256 } from '../words.ts';

/** What an act is to bring about. */
export type Goal =
  /** Staging comes to hold the package under this digest. */
  | { kind: 'publish'; sha256: Sha256; deployment: DeploymentId }
  /** Staging's warm-up ping settings come to equal the policy's. */
  | { kind: 'settings'; path: string; statuses: string }
  /** The preview that a swap left pending is given up; then that swap is looked at again. */
  | { kind: 'reset'; interrupted: Looking }
  /** Production comes to hold `goal`, which staging holds now, and staging `former`. */
  | { kind: 'swap'; goal: Identity; former: Identity };

/** What was read at the moment of acting; recorded by the claim. */
export interface Claim {
  at: Date;
  look: Look;
}

interface Common {
  goal: Goal;
  intent: IntentId;
  /** 1 or 2: a new intent is planned only after "refused" or "not started". */
  attempt: number;
}

/**
 * One act: claimed, sent once, then found out (DESIGN §6). The names follow the model:
 * planned = ready, sending, accepted = sent, quiet, and a finding ends it.
 */
export type Act =
  | (Common & {
      step: 'planned';
      since: Date;
      /** The claim of the intent before this one: no swap may have completed since. */
      after: Claim | null;
      /** A look that did not meet the preconditions; believed when seen again. */
      mismatch: Look | null;
      /** When it was first found kept back, by the stop or a hold. Absent: it never was. */
      waitsSince?: Date;
    })
  | (Common & { step: 'sending'; claim: Claim })
  | (Common & { step: 'accepted'; claim: Claim; token: string | null; acceptedAt: Date; polls: number })
  | (Common & { step: 'quiet'; claim: Claim; until: Date })
  | Looking;

/** The quiet period is over, or the end was polled: looks decide. `lastOld`: when the last look began that still saw the former build. */
export interface Looking extends Common {
  step: 'looking';
  claim: Claim;
  since: Date;
  first: Look | null;
  lastOld: Date;
}

/** What two equal looks established. */
export type Finding =
  | { found: 'done'; look: Look; switchedBetween: { from: Date; to: Date } }
  | { found: 'not-started'; because: string }
  | { found: 'preview-pending' }
  | { found: 'foreign'; because: string };
