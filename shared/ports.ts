/** What the shell needs from outside, in our words. No SDK type crosses a port; every instant is a Date, every duration milliseconds. */
import type { CompactedSum } from './correlation/sum.ts';
import type { ErrorDelta, Sample } from './correlation/words.ts';
import type { Asker } from './lane/decision.ts';
import type { Accepted, BuildRow, EffectResult, JournalEntry, PendingEffect, Polled, Seen } from './lane/effect.ts';
import type { Input } from './lane/input.ts';
import type { DeploymentRecord, Lane } from './lane/lane.ts';
import type { Look } from './lane/look.ts';
import type { OutgoingEvent, PackageOrder } from './lane/outgoing.ts';
import type { Policy, SiteRef, Timing } from './lane/policy.ts';
import type {
  BuildId,
  DeploymentId,
  Fingerprint,
  Identity,
  InputId,
  IntentId,
  LaneId,
  Marker,
  Sha256,
  Version,
} from './lane/words.ts';
import type { Trace } from './trace.ts';

/** Somebody else wrote first; nothing of this write was done. Thrown: load again or let the message come again. */
export class LostRace extends Error {
  override name = 'LostRace';
}

/** A dependency does not answer now, or asks for patience. `retryAt`: when it said it may be asked again. */
export class Unavailable extends Error {
  override name = 'Unavailable';
  readonly retryAt: Date | undefined;
  constructor(what: string, options?: { cause?: unknown; retryAt?: Date | undefined }) {
    super(what, { cause: options?.cause });
    this.retryAt = options?.retryAt;
  }
}

/** A dependency refuses for good: no such site, forbidden, not configured. Asking again will not help. */
export class LastingFailure extends Error {
  override name = 'LastingFailure';
}

/** Input that cannot be read, or names what does not exist: stored with its reason, never thrown away. */
export class Unreadable extends Error {
  override name = 'Unreadable';
}

// ---- lanes -------------------------------------------------------------------------------------------------------

/** A lane as loaded: its state, what is pending, and the ETag the next save is conditional on. A lane never seen has etag null. */
export interface StoredLane {
  lane: Lane;
  pending: PendingEffect[];
  etag: string | null;
  journal: JournalHead;
  /** By deployment, of those that move, wait or have an effect pending: where in a trace it was asked for. Nothing is decided by it. */
  traces: Traces;
}

/** Where a lane's journal ends: the number and the hash of its last entry, to which the next one is chained. None: 0 and no text. */
export interface JournalHead {
  seq: number;
  hash: string;
}

export type Traces = Readonly<Record<string, Trace>>;

/** One transaction: the lane row and everything that must change with it. At most 40 rows. */
export interface LaneChange {
  lane: Lane;
  /** Effects to add or to replace (by seq). */
  effects: PendingEffect[];
  /** Effects that are settled. */
  settled: number[];
  journal: JournalEntry[];
  records: DeploymentRecord[];
  builds: BuildRow[];
  seen: Seen[];
  /** When the sweep is to look after this lane at the latest: its wakeAt, or now while an effect is pending. */
  attentionAt: Date | null;
  traces: Traces;
}

export interface LaneStore {
  load(lane: LaneId): Promise<StoredLane>;
  /**
   * Conditional on `stored.etag`. Throws LostRace when somebody else wrote, Unavailable when the tables do not answer. A write
   * whose answer was lost is recognised as our own by its random write id, made anew for each attempt.
   */
  save(stored: StoredLane, change: LaneChange): Promise<StoredLane>;
  seen(lane: LaneId, input: InputId): Promise<Seen | null>;
  build(lane: LaneId, build: BuildId): Promise<BuildRow | null>;
  deployment(lane: LaneId, id: DeploymentId): Promise<DeploymentRecord | null>;
  /** Newest first. */
  deployments(lane: LaneId, most: number): Promise<DeploymentRecord[]>;
  journal(lane: LaneId, deployment: DeploymentId | null, most: number): Promise<JournalEntry[]>;
  /** Lanes whose `attentionAt` is before the instant. */
  overdue(before: Date): Promise<{ lane: LaneId; step: number }[]>;
  /** Every lane that was ever touched; no row of theirs is read. */
  known(): Promise<LaneId[]>;
  /** Forget `seen!` rows older than the instant; returns how many. At most a few hundred a call. */
  forgetSeen(before: Date): Promise<number>;
}

// ---- messages ----------------------------------------------------------------------------------------------------

/** Which sending of an input this is: part of the message id, since a repeated message id is silently dropped. */
export interface Sending {
  /** `''` the first time; `~2`, `~replay1`, `~sweep41` … afterwards. */
  purpose: string;
  /** Not before this instant; absent: now. */
  at?: Date | undefined;
  /** How often this input met something that was down. */
  attempt?: number | undefined;
}

export interface Inbox {
  /** To the session queue `lanes`, session id = lane. Throws Unavailable. */
  send(input: Input, sending: Sending): Promise<void>;
}

/** To the queue `packages`. */
export interface PackageOrders {
  order(order: PackageOrder, sending: Sending): Promise<void>;
}

/** To the queue `error-reports`: our own event form, e.g. the probe report. */
export interface ErrorReportOutbox {
  /** `at`: not before this instant. Throws Unavailable. */
  send(cloudEvent: object, messageId: string, at?: Date): Promise<void>;
}

/** CloudEvents to the topic `deployment-events`, session id = subject. */
export interface EventOutbox {
  /** `sending`: a notice that is to come again later; absent: now, under the event's own id. */
  publish(event: OutgoingEvent, sending?: Sending): Promise<void>;
}

// ---- the site ----------------------------------------------------------------------------------------------------

/** How one request of an act ended for its sender. Never an exception: what is not a definite answer is `unknown`. */
export type Sent = Exclude<EffectResult<Accepted>, { end: 'later' }>;

export interface SitePort {
  /**
   * Reads both slots, ARM and fresh answers of production. It also has token and connection ready for a send that follows.
   * Throws Unavailable or LastingFailure.
   */
  look(
    site: SiteRef,
    question: { versionFrom: Policy['versionFrom']; intent: IntentId | null; freshConnections: number },
  ): Promise<Look>;
  /** Each sends exactly one request, with the intent as client request id, and gives up at the deadline. */
  sendSwap(site: SiteRef, intent: IntentId, deadlineMs: number): Promise<Sent>;
  sendPublish(site: SiteRef, intent: IntentId, packageUrl: string, deadlineMs: number): Promise<Sent>;
  /** The PUT replaces all settings of staging, so `settings` are all of them, as they were read right before the claim. */
  sendSettings(site: SiteRef, intent: IntentId, settings: Record<string, string>, deadlineMs: number): Promise<Sent>;
  /** Staging's app settings; their values are secrets for all we know. Throws Unavailable or LastingFailure. */
  settings(site: SiteRef): Promise<Record<string, string>>;
  sendReset(site: SiteRef, intent: IntentId, deadlineMs: number): Promise<Sent>;
  /** One poll of an accepted swap by its token. Throws Unavailable. */
  pollSwap(site: SiteRef, token: string): Promise<Polled>;
  /** One poll of an accepted publish by its token: well only when complete, successful and active. Throws Unavailable. */
  pollPublish(site: SiteRef, token: string): Promise<Polled>;
  /** Asks one slot over a new connection. Never throws for what the site answers or fails to answer. */
  ask(site: SiteRef, slot: 'production' | 'staging', question: Question): Promise<Answer>;
  /** What the slot says it holds now, over a new connection, Kudu and version path both. Throws Unavailable or LastingFailure. */
  identity(
    site: SiteRef,
    slot: 'production' | 'staging',
    versionFrom: Policy['versionFrom'],
  ): Promise<{ identity: Identity; answers: boolean }>;
  /** The address a person opens. */
  address(site: SiteRef, slot: 'production' | 'staging'): Promise<string>;
}

export interface Question {
  path: string;
  timeoutMs: number;
  /** Read at most this much of the body. */
  bodyBytes: number;
}

export type Answer =
  | { answered: true; status: number; headers: Record<string, string>; body: string; latencyMs: number }
  | { answered: false; because: string };

// ---- packages ----------------------------------------------------------------------------------------------------

/** What copying an artefact into our container came to. */
export type Copied = { copied: true; size: number } | { copied: false; because: string };

export interface PackageStore {
  /**
   * Streams the artefact into `packages/<sha256>.zip`, visible only after its digest matched; a package already there is not copied again.
   * Throws Unavailable when storage or the source does not answer; a wrong digest or a refusing source is a value.
   */
  copy(url: string, sha256: Sha256, options: { maxBytes: number; deadlineMs: number }): Promise<Copied>;
  has(sha256: Sha256): Promise<boolean>;
  /** An address that Kudu may read the package from until the instant. */
  readUrl(sha256: Sha256, until: Date): Promise<string>;
}

// ---- markers and errors ------------------------------------------------------------------------------------------

export interface MarkerStore {
  /** Keyed by saved values: writing twice is harmless. */
  put(marker: Marker): Promise<void>;
  get(lane: LaneId, id: string): Promise<Marker | null>;
  /** Newest first. */
  list(lane: LaneId, most: number): Promise<Marker[]>;
  /** The marker in force at the instant, of the kinds that make a version live; null before the first. */
  inForceAt(lane: LaneId, at: Date): Promise<Marker | null>;
}

/** A group as fold keeps it; its state is derived (correlation/group). */
export interface ErrorGroup {
  lane: LaneId;
  fingerprint: Fingerprint;
  title: string;
  firstAt: Date;
  lastAt: Date;
  firstVersion: Version | null;
  lastVersion: Version | null;
  /** Reports by version; `'none'`: tied to no marker. At most 20, the newest. */
  countByVersion: Record<string, number>;
  total: number;
  /** Of reports that came after their minute was compacted; shown apart. */
  late: number;
  resolvedIn: Version | null;
  resolvedAt: Date | null;
  ignored: boolean;
  regressedIn: Version | null;
  /** Versions for which a notice went out (new, or regressed). */
  announced: Record<string, Date>;
  sample: Sample;
  countedThrough: Date | null;
}

export interface StoredGroup {
  group: ErrorGroup;
  etag: string;
}

export interface ErrorStore {
  /** Upserts; equal keys were merged before. Grouped by partition into transactions of at most 100 by the adapter. */
  append(deltas: ErrorDelta[]): Promise<void>;
  /** All deltas of a lane not yet compacted, of every version. */
  deltas(lane: LaneId, from: Date): Promise<ErrorDelta[]>;
  /** What was compacted so far. */
  sums(lane: LaneId): Promise<CompactedSum[]>;
  groups(lane: LaneId): Promise<StoredGroup[]>;
  group(lane: LaneId, fingerprint: Fingerprint): Promise<StoredGroup | null>;
  /** Conditional; null etag: insert. Throws LostRace naming the fingerprint; the others may be written. */
  saveGroups(lane: LaneId, groups: { group: ErrorGroup; etag: string | null }[]): Promise<void>;
  /** One transaction per chunk and (lane, version): the sum row replaced, the deltas it covers deleted. */
  compact(lane: LaneId, before: Date): Promise<{ deleted: number }>;
  /** Lanes with deltas written lately enough to need folding. */
  lanesWithDeltas(): Promise<LaneId[]>;
}

// ---- dead letters ------------------------------------------------------------------------------------------------

export interface DeadLetter {
  source: string;
  id: string;
  at: Date;
  /** As received, cut at 60,000 characters. */
  raw: string;
  truncated: boolean;
  reason: string;
  /** How often it was sent again. */
  replays: number;
  replayedAt: Date | null;
}

export interface DeadLetterStore {
  /** The id is derived from source and text, so storing twice is harmless. */
  put(letter: DeadLetter): Promise<void>;
  get(source: string, id: string): Promise<DeadLetter | null>;
  list(source: string | null, most: number): Promise<DeadLetter[]>;
  /** Counts a replay, conditionally; returns the new count. */
  countReplay(source: string, id: string, at: Date): Promise<number>;
}

/** Sends raw text again to the queue it came from, under a message id of its own. */
export interface Replayer {
  replay(source: string, raw: string, messageId: string): Promise<void>;
}

// ---- telling people ----------------------------------------------------------------------------------------------

/** What was last shown of a subject, and where. */
export interface Notice {
  subject: string;
  channel: string;
  ts: string;
  /** Hash of what was shown: equal renderings are not sent again. */
  shown: string;
  threadShown: string[];
}

export interface NoticeStore {
  get(lane: LaneId, subject: string): Promise<{ notice: Notice; etag: string } | null>;
  /** Conditional; null: insert. Returns the new ETag; throws LostRace. */
  save(lane: LaneId, notice: Notice, etag: string | null): Promise<string>;
}

/** A message for people: blocks, and a text that makes sense alone. */
export interface Message {
  text: string;
  blocks: object[];
}

/** `channel`: its id, which alone is taken when the message is updated. */
export type Posted = { posted: true; channel: string; ts: string } | { posted: false; because: string };

/** People as Slack knows them. Throws Unavailable. */
export interface People {
  /** Asked when a word is used, never kept: who may do what can change between the click and its use. */
  about(slackId: string, question: { groups: string[]; authorEmails: string[] }): Promise<Asker>;
}

export interface Responder {
  /** Tells one person alone, at the address Slack gave with their click or command. A stale address is a value. Throws Unavailable. */
  respond(to: string, message: Message): Promise<{ posted: true } | { posted: false; because: string }>;
}

export interface Messenger {
  /** Throws Unavailable (outage, 429 with retryAt); a lasting refusal (no such channel) is a value. */
  post(channel: string, message: Message, thread?: string): Promise<Posted>;
  update(channel: string, ts: string, message: Message): Promise<Posted>;
}

// ---- all of it ---------------------------------------------------------------------------------------------------

export interface Log {
  info(what: string, facts: Record<string, unknown>): void;
  error(what: string, facts: Record<string, unknown>): void;
}

/** What something is about: on the log lines it leads to, and in what it sends. */
export interface About {
  lane?: string;
  deployment?: string;
  input?: string;
  /** What is sent continues this one; null: nothing; absent: the one that is continued already. */
  trace?: Trace | null;
}

/** What is going on, carried along without being handed on. */
export interface Scope {
  /** What is sent now continues this trace; null: it begins one. */
  trace(): Trace | null;
  within<Value>(about: About, work: () => Promise<Value>): Promise<Value>;
}

/** The owner's file. */
export interface Apps {
  /** Throws Unreadable for an app or environment that the file does not name. */
  policy(lane: LaneId): Policy;
  lanes(): LaneId[];
  /** The environment a build goes to when its event names none. */
  defaultEnvironment(app: string): string | null;
}

export interface Ports {
  now(): Date;
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
  /** A random id, different each time. */
  newId(): string;
  timing: Timing;
  /** WARMSWAP_STOP: no act is started anywhere. */
  stopped: boolean;
  apps: Apps;
  lanes: LaneStore;
  inbox: Inbox;
  packageOrders: PackageOrders;
  errorReports: ErrorReportOutbox;
  events: EventOutbox;
  site: SitePort;
  packages: PackageStore;
  markers: MarkerStore;
  errors: ErrorStore;
  deadLetters: DeadLetterStore;
  replayer: Replayer;
  notices: NoticeStore;
  messenger: Messenger | null;
  responder: Responder;
  people: People | null;
  log: Log;
  scope: Scope;
}
