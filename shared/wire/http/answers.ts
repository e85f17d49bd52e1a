import * as v from 'valibot';

/**
 * What the API answers, as schemas. The views are typed by them, and the OpenAPI description is made of them; nothing of this is in the
 * deployed package, because an answer of ours needs no reading by us.
 */

const instant = v.pipe(v.string(), v.isoTimestamp());
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const lane = v.pipe(v.string(), v.description('`app@environment`'));

export const problem = v.object({
  type: v.literal('about:blank'),
  status: v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599)),
  title: v.string(),
  detail: v.pipe(v.string(), v.description('What was wrong, where, and what to do.')),
});

export const buildRef = v.object({
  id: v.string(),
  version: v.string(),
  number: v.nullable(whole),
  definition: v.nullable(v.string()),
  source: v.string(),
  sha256: v.string(),
  finishedAt: instant,
});

const stage = v.picklist([
  'queued',
  'staging',
  'warming',
  'verifying',
  'awaiting-approval',
  'swapping',
  'watching',
  'awaiting-rollback',
  'rolling-back',
  'done',
]);

const outcome = v.picklist([
  'live',
  'rolled-back',
  'failed',
  'rejected',
  'expired',
  'superseded',
  'cancelled',
  'needs-human',
  'observed',
  'staged',
]);

const check = v.object({
  name: v.string(),
  ok: v.boolean(),
  status: v.nullable(whole),
  latencyMs: v.nullable(v.number()),
  why: v.string(),
});

const kind = v.picklist(['deploy', 'rollback']);

export const evidence = v.object({
  verdict: v.picklist(['good', 'bad', 'inconclusive', 'so-far-good']),
  why: v.string(),
  newGroups: v.array(v.object({ fingerprint: v.string(), title: v.string(), reports: whole })),
  reportsPerMinute: v.nullable(v.number()),
  before: v.pipe(v.nullable(v.number()), v.description('Reports a minute in the hour before the swap.')),
  checks: v.array(check),
  counted: v.pipe(v.boolean(), v.description('The probe report came out of the counting: zero may mean zero.')),
});

export const deployment = v.object({
  id: v.string(),
  lane,
  kind,
  build: buildRef,
  from: v.pipe(v.nullable(v.string()), v.description('The version production ran when it started.')),
  stage,
  stages: v.array(v.object({ stage, at: instant })),
  createdAt: instant,
  outcome: v.nullable(outcome),
  why: v.string(),
  requestedBy: v.nullable(v.string()),
  approvedBy: v.nullable(v.string()),
  liveAt: v.nullable(instant),
  checks: v.array(check),
  evidence: v.nullable(evidence),
});

export const live = v.object({
  version: v.string(),
  build: v.pipe(v.nullable(buildRef), v.description('Null when somebody else put it there.')),
  identity: v.object({ kudu: v.nullable(v.string()), version: v.nullable(v.string()) }),
  deployment: v.nullable(v.string()),
  liveAt: instant,
});

export const laneState = v.object({
  id: lane,
  live: v.pipe(v.nullable(live), v.description('By a finding in production, never what was intended.')),
  previous: v.nullable(live),
  active: v.nullable(v.object({ deployment: v.string(), kind, stage, build: buildRef })),
  queue: v.array(v.object({ deployment: v.string(), build: buildRef })),
  hold: v.nullable(v.object({ by: v.string(), because: v.string(), since: instant })),
  kept: v.pipe(v.array(buildRef), v.description('Builds that can be rolled back to, newest first.')),
  wakeAt: v.nullable(instant),
});

export const unreadableLane = v.object({ id: lane, unreadable: v.literal(true) });

export const input = v.object({
  id: v.string(),
  state: v.picklist(['pending', 'applied', 'ignored']),
  because: v.nullable(v.string()),
  deployment: v.nullable(v.string()),
  at: v.nullable(instant),
});

export const journalEntry = v.object({
  seq: whole,
  at: instant,
  input: v.string(),
  deployment: v.nullable(v.string()),
  by: v.nullable(v.string()),
  told: v.string(),
});

export const marker = v.object({
  lane,
  id: v.string(),
  kind: v.picklist(['deploy', 'rollback', 'external', 'config', 'flag', 'migration']),
  version: v.string(),
  liveAt: instant,
  switchedBetween: v.nullable(v.object({ from: instant, to: instant })),
  deployment: v.nullable(v.string()),
  build: v.nullable(v.string()),
  commit: v.nullable(v.string()),
  by: v.nullable(v.string()),
  text: v.nullable(v.string()),
  url: v.nullable(v.string()),
});

const frame = v.object({
  function: v.optional(v.string()),
  module: v.optional(v.string()),
  file: v.optional(v.string()),
  line: v.optional(whole),
  column: v.optional(whole),
  inApp: v.optional(v.boolean()),
});

export const errorGroup = v.object({
  lane,
  fingerprint: v.string(),
  title: v.string(),
  state: v.picklist(['new', 'ongoing', 'resolved', 'regressed', 'ignored']),
  firstAt: instant,
  lastAt: instant,
  firstVersion: v.nullable(v.string()),
  lastVersion: v.nullable(v.string()),
  total: whole,
  countByVersion: v.record(v.string(), whole),
  late: whole,
  resolvedIn: v.nullable(v.string()),
  resolvedAt: v.nullable(instant),
  regressedIn: v.nullable(v.string()),
  ignored: v.boolean(),
  sample: v.object({
    title: v.string(),
    type: v.optional(v.string()),
    message: v.optional(v.string()),
    frames: v.array(frame),
    request: v.optional(v.object({ method: v.string(), url: v.string() })),
    host: v.optional(v.string()),
    occurredAt: instant,
  }),
});

const letter = {
  source: v.string(),
  id: v.string(),
  at: instant,
  reason: v.string(),
  characters: whole,
  truncated: v.boolean(),
  replays: whole,
  replayedAt: v.nullable(instant),
};

export const deadLetter = v.object(letter);
export const wholeDeadLetter = v.object({ ...letter, raw: v.string() });

export const accepted = v.object({
  input: v.string(),
  location: v.pipe(v.string(), v.description('Where it can be read what became of the input.')),
});

export const ignored = v.object({ ignored: v.pipe(v.string(), v.description('Why nothing is done.')) });

export const counted = v.object({
  reports: whole,
  deadLetters: v.optional(v.pipe(whole, v.description('Reports that could not be read and are kept as dead letters.'))),
  refused: v.optional(v.pipe(v.array(v.string()), v.description('What was wrong with these, at most twenty.'))),
});

export const replayed = v.object({ replayed: whole });

export type ProblemAnswer = v.InferOutput<typeof problem>;
export type BuildRefAnswer = v.InferOutput<typeof buildRef>;
export type EvidenceAnswer = v.InferOutput<typeof evidence>;
export type DeploymentAnswer = v.InferOutput<typeof deployment>;
export type LiveAnswer = v.InferOutput<typeof live>;
export type LaneAnswer = v.InferOutput<typeof laneState>;
export type UnreadableLaneAnswer = v.InferOutput<typeof unreadableLane>;
export type InputAnswer = v.InferOutput<typeof input>;
export type JournalEntryAnswer = v.InferOutput<typeof journalEntry>;
export type MarkerAnswer = v.InferOutput<typeof marker>;
export type ErrorGroupAnswer = v.InferOutput<typeof errorGroup>;
export type DeadLetterAnswer = v.InferOutput<typeof deadLetter>;
export type WholeDeadLetterAnswer = v.InferOutput<typeof wholeDeadLetter>;
export type AcceptedAnswer = v.InferOutput<typeof accepted>;
export type IgnoredAnswer = v.InferOutput<typeof ignored>;
export type CountedAnswer = v.InferOutput<typeof counted>;
export type ReplayedAnswer = v.InferOutput<typeof replayed>;
