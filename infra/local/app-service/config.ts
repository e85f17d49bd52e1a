/** App settings of a slot: all text. */
export type Settings = Record<string, string>;

/** How long the phases take, all in milliseconds. On Azure most of these are seconds to minutes. */
export interface Timing {
  /** Least time from the order to restart until the new process serves. */
  restartMs: number;
  /** Least time the warm-up of a swap takes. */
  warmupMs: number;
  /** Time between a successful warm-up and the exchange of the front doors. */
  switchMs: number;
  /** Least time from the exchange to the end of the operation. */
  settleMs: number;
  /** How long after a completed swap the reads of ARM and Kudu still show the state before it. */
  lagMs: number;
  /** Least time a publish takes. */
  publishMs: number;
  /** How long an accepted operation is not yet shown as `inProgressOperationId`. */
  operationVisibleMs: number;
  /** A process that does not listen by then could not be started (WEBSITES_CONTAINER_START_TIME_LIMIT). */
  startLimitMs: number;
  /** A crashed process is started again after this time. */
  crashRestartMs: number;
  /** One try of a warm-up ping (Azure: 90 s, five tries). */
  pingTimeoutMs: number;
}

export const defaultTiming: Timing = {
  restartMs: 1_000,
  warmupMs: 1_000,
  switchMs: 200,
  settleMs: 1_000,
  lagMs: 0,
  publishMs: 500,
  operationVisibleMs: 0,
  startLimitMs: 20_000,
  crashRestartMs: 1_000,
  pingTimeoutMs: 10_000,
};

export interface SiteConfig {
  /** Slots beside production, which is always there. */
  slots: string[];
  /** Fixed ports by slot (`staging`) and by its SCM host (`staging.scm`); others are chosen once and kept. */
  ports?: Record<string, number>;
  appSettings?: Record<string, Settings>;
  stickySettings?: string[];
  /** Paths of zips that run in a slot when it is first made. */
  initialZip?: Record<string, string>;
}

/** A token bucket: `burst` calls at once, refilled with `perSecond`. */
export interface Bucket {
  burst: number;
  perSecond: number;
}

export interface AppServiceConfig {
  armPort: number;
  controlPort?: number;
  /** PEM files of the certificate every https listener shows. */
  certificate: { cert: string; key: string };
  dataDir: string;
  /** The key the identity part signs tokens with. */
  tokenKey: string;
  subscriptionId: string;
  resourceGroup: string;
  /** Actions of the caller's role, `*` allowed as in a role definition. Anything else is answered 403. */
  roleActions: string[];
  timing?: Partial<Timing>;
  /** ARM's throttling; left out, nothing is throttled. On Azure: reads 250 and 25/s, writes 200 and 10/s. */
  throttle?: { reads: Bucket; writes: Bucket };
  /** The topic that is told of swaps; left out, nobody is told. */
  events?: { endpoint: string; key: string };
  sites: Record<string, SiteConfig>;
}

export interface AppServiceAddresses {
  arm: string;
  control: string;
  sites: Record<string, Record<string, { hostName: string; scmHostName: string }>>;
}
