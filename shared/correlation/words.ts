import type { AppName, EnvironmentName, Fingerprint, LaneId, Version } from '../lane/words.ts';

/** One frame of a stack trace, newest first in its exception. */
export interface Frame {
  function?: string | undefined;
  module?: string | undefined;
  file?: string | undefined;
  line?: number | undefined;
  column?: number | undefined;
  inApp?: boolean | undefined;
}

export interface ReportedException {
  type: string;
  message: string;
  frames: Frame[];
}

export type Level = 'debug' | 'info' | 'warning' | 'error' | 'fatal';

/** One occurrence (or `count` sampled ones) of an error. Exceptions are outermost first. */
export interface ErrorReport {
  app: AppName;
  environment: EnvironmentName;
  version?: Version | undefined;
  occurredAt: Date;
  level: Level;
  exceptions: ReportedException[];
  message?: string | undefined;
  fingerprint?: string | undefined;
  user?: { id: string } | undefined;
  request?: { method: string; url: string } | undefined;
  host?: string | undefined;
  count: number;
  tags: Record<string, string>;
}

/** What is kept of a report to show a person: small, and already free of what must not be stored. */
export interface Sample {
  title: string;
  type?: string | undefined;
  message?: string | undefined;
  frames: Frame[];
  request?: { method: string; url: string } | undefined;
  host?: string | undefined;
  occurredAt: Date;
}

/** A sum of reports of one fingerprint in one minute out of one message; written once, whoever delivers the message again. */
export interface ErrorDelta {
  lane: LaneId;
  /** As reported; none when the report named no version. */
  version: Version | null;
  /** Start of the minute the report itself names. */
  minute: Date;
  fingerprint: Fingerprint;
  /** Stable for the message that carried it: hash of source and message id. */
  batch: string;
  count: number;
  firstAt: Date;
  lastAt: Date;
  sample: Sample;
}

export type GroupState = 'new' | 'ongoing' | 'resolved' | 'regressed' | 'ignored';
