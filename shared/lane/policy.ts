/** The App Service site behind a lane. */
export interface SiteRef {
  subscriptionId: string;
  resourceGroup: string;
  name: string;
  /** The slot builds are staged in. */
  slot: string;
}

/** Where the app answers its version, from a file inside its package: a JSON pointer into the body, or a response header. */
export interface VersionFrom {
  path: string;
  pointer?: string | undefined;
  header?: string | undefined;
}

/** One question to a site and the answer its owner expects. */
export interface Check {
  name: string;
  path: string;
  status: number;
  /** Text the body must hold. */
  contains?: string | undefined;
  maxLatencyMs?: number | undefined;
}

export type Arrivals = { mode: 'supersede' } | { mode: 'queue'; limit: number } | { mode: 'refuse' };

/** How one lane is deployed. A deployment carries the policy it started with. Durations are milliseconds. */
export interface Policy {
  /** observe: only says what it would do; stage: stops before the swap; swap: goes all the way. */
  mode: 'observe' | 'stage' | 'swap';
  site: SiteRef;
  versionFrom?: VersionFrom | undefined;
  warmUp: { path: string; statuses: number[]; timesInARow: number; everyMs: number; deadlineMs: number };
  /** At most 20. */
  checks: Check[];
  approval:
    | { required: false }
    | {
        required: true;
        /** E-mail addresses, names of tokens, `@handle` of a Slack user group, or `authors`: the commits' own. */
        approvers: string[];
        /** False: four eyes, nobody approves their own change. */
        mayApproveOwn: boolean;
        /** Who may approve all the same, in an emergency; it is told loudly. */
        breakGlass: string[];
        expiresAfterMs: number;
        /** One reminder, this long before it expires; null: none. */
        remindBeforeMs: number | null;
      };
  /** Who may hold, release, roll back, keep and retry from Slack; named as approvers are. */
  operators: string[];
  watch: { forMs: number; everyMs: number };
  errorLimits: {
    /** A fingerprint first seen in the new version counts against it from this many reports on. */
    newGroupReports: number;
    /** Bad when reports per minute exceed this multiple of the hour before the swap … */
    ratio: number;
    /** … and at least this many reports per minute. */
    perMinute: number;
  };
  rollback: { mode: 'automatic' | 'ask'; askExpiresAfterMs: number; holdAfter: boolean };
  arrivals: Arrivals;
  slack?: { channel: string } | undefined;
}

/**
 * The durations of the act protocol (DESIGN §6), in milliseconds: one profile for Azure, a shorter one for tests.
 * The settings refuse a profile that breaks the inequalities the model was checked under.
 */
export interface Timing {
  /** Nothing is concluded about a request of unknown outcome before this has passed. */
  quietMs: number;
  /** Two equal looks make a finding when they are at least this far apart. */
  lookGapMs: number;
  /** A claim older than this is not sent by anybody. */
  claimMs: number;
  /** One request of an act is given up after this. */
  requestDeadlineMs: number;
  pollFirstMs: number;
  pollThenMs: number;
  /** How long somebody's operation in progress is waited for. */
  operationMs: number;
  /** How often an idle lane is looked at for a change made by a person. */
  patrolMs: number;
  /** Copying a package is given up on after this. */
  copyMs: number;
}

/** What of a policy is asked of a slot before and in a swap. */
export const asksOf = ({ warmUp, versionFrom }: Policy): Pick<Policy, 'warmUp' | 'versionFrom'> => ({
  warmUp,
  versionFrom,
});
