import type { ErrorDelta } from '../../shared/correlation/words.ts';
import type { BuildRow, JournalEntry, PendingEffect, Seen } from '../../shared/lane/effect.ts';
import type { DeploymentRecord } from '../../shared/lane/lane.ts';
import {
  type Build,
  type BuildId,
  type DeploymentId,
  type Fingerprint,
  type InputId,
  type LaneId,
  laneId,
  type Marker,
  refOf,
  type Sha256,
  type Version,
} from '../../shared/lane/words.ts';
import type { DeadLetter, ErrorGroup, LaneChange } from '../../shared/ports.ts';

/** Values that can really occur, for the suites that run on every implementation of a port. */

let made = 0;
/** A lane no other test uses. */
export function freshLane(): LaneId {
  made += 1;
  return laneId(`shop-${process.pid}-${made}`, 'production');
}

export const at = (text: string): Date => new Date(`2026-03-01T${text}${text.length === 5 ? ':00' : ''}Z`);

const deploymentIdAt = (createdAt: Date, random: string): DeploymentId =>
  `${createdAt.getTime().toString(36).padStart(9, '0')}-${random}` as DeploymentId;

export function aBuild(version = '1.0.0', more: Partial<Build> = {}): Build {
  return {
    id: `build-of-${version}` as BuildId,
    source: 'https://ci.example/shop',
    version: version as Version,
    commit: { sha: 'c0ffee' },
    commits: [],
    artifact: { url: 'https://ci.example/shop.zip', sha256: 'a'.repeat(64) as Sha256 },
    finishedAt: at('09:00'),
    arrivedAt: at('09:01'),
    schemaChange: 'none',
    ...more,
  };
}

export const aBuildRow = (version?: string, more?: Partial<Build>): BuildRow => ({
  build: aBuild(version, more),
  quarantined: null,
});

export function aRecord(lane: LaneId, createdAt = at('10:00'), random = 'r4nd0m00'): DeploymentRecord {
  return {
    id: deploymentIdAt(createdAt, random),
    lane,
    kind: 'deploy',
    build: refOf(aBuild()),
    from: null,
    stage: 'staging',
    stages: [{ stage: 'staging', at: createdAt }],
    createdAt,
    outcome: null,
    why: '',
    requestedBy: null,
    liveAt: null,
    checks: [],
    evidence: null,
    approvedBy: null,
    brokeGlass: false,
    slackChannel: null,
  };
}

export const anEffect = (seq: number, more: Partial<PendingEffect> = {}): PendingEffect => ({
  seq,
  effect: { type: 'announce', deployment: null },
  notBefore: null,
  tries: 0,
  ...more,
});

export const anEntry = (seq: number, more: Partial<JournalEntry> = {}): JournalEntry => ({
  seq,
  at: at('10:00'),
  input: 'an-input',
  deployment: null,
  by: null,
  told: `step ${seq}`,
  ...more,
});

export const aSeen = (input: string, seenAt = at('10:00')): Seen => ({
  input,
  at: seenAt,
  outcome: 'applied',
  told: 'a deployment begins',
  deployment: null,
});

export const inputId = (lane: LaneId, text: string): InputId => `${lane}~${text}` as InputId;

/** A change that writes the lane row alone, and what else is given. */
export const change = (lane: LaneChange['lane'], more: Partial<Omit<LaneChange, 'lane'>> = {}): LaneChange => ({
  lane,
  effects: [],
  settled: [],
  journal: [],
  records: [],
  builds: [],
  seen: [],
  attentionAt: lane.wakeAt,
  traces: {},
  ...more,
});

export const aMarker = (lane: LaneId, id: string, liveAt: Date, more: Partial<Marker> = {}): Marker => ({
  lane,
  id,
  kind: 'deploy',
  version: `v-${id}` as Version,
  liveAt,
  ...more,
});

export function aDelta(lane: LaneId, more: Partial<ErrorDelta> = {}): ErrorDelta {
  const minute = more.minute ?? at('10:00');
  return {
    lane,
    version: '1.0.0' as Version,
    minute,
    fingerprint: 'f1' as Fingerprint,
    batch: 'b1',
    count: 1,
    firstAt: minute,
    lastAt: new Date(minute.getTime() + 30_000),
    sample: { title: 'TypeError: x is undefined', frames: [{ file: 'src/a.ts', line: 7 }], occurredAt: minute },
    ...more,
  };
}

export const aGroup = (lane: LaneId, fingerprint: string, more: Partial<ErrorGroup> = {}): ErrorGroup => ({
  lane,
  fingerprint: fingerprint as Fingerprint,
  title: 'TypeError: x is undefined',
  firstAt: at('10:00'),
  lastAt: at('10:01'),
  firstVersion: '1.0.0' as Version,
  lastVersion: '1.0.0' as Version,
  countByVersion: { '1.0.0': 3 },
  total: 3,
  late: 0,
  resolvedIn: null,
  resolvedAt: null,
  ignored: false,
  regressedIn: null,
  announced: { '1.0.0': at('10:02') },
  sample: { title: 'TypeError: x is undefined', frames: [], occurredAt: at('10:00') },
  countedThrough: null,
  ...more,
});

export const aLetter = (source: string, id: string, more: Partial<DeadLetter> = {}): DeadLetter => ({
  source,
  id,
  at: at('10:00'),
  raw: '{"broken"',
  truncated: false,
  reason: 'is not JSON',
  replays: 0,
  replayedAt: null,
  ...more,
});
