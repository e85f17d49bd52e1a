/** The words of the house as types. Ids, names and versions are branded: only decoders (and test builders) make them. */

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type AppName = Branded<'AppName'>;
export type EnvironmentName = Branded<'EnvironmentName'>;
/** `app@environment`: the unit that is serialised. */
export type LaneId = Branded<'LaneId'>;
/** 1–200 characters, any scheme. */
export type Version = Branded<'Version'>;
/** 64 lower-case hex characters. */
export type Sha256 = Branded<'Sha256'>;
/** Derived from version, commit and digest: two events about the same bytes name the same build. */
export type BuildId = Branded<'BuildId'>;
export type DeploymentId = Branded<'DeploymentId'>;
/** One claim to change a site once; it is also the `x-ms-client-request-id` of the request. */
export type IntentId = Branded<'IntentId'>;
/** `<lane>~<what makes the input unique>`: read back under /api/v1/inputs/{id}. */
export type InputId = Branded<'InputId'>;
export type Fingerprint = Branded<'Fingerprint'>;

export interface Person {
  name: string;
  email?: string | undefined;
}

/** Who commands: a named token, or a person in Slack; the name is what the journal shows. */
export interface Actor {
  name: string;
  /** The person's id in Slack; what they may do is looked up when it is used. */
  slackId?: string | undefined;
}

export interface Commit {
  sha: string;
  /** First line only. */
  message: string;
  author: Person;
  timestamp?: Date | undefined;
}

export type SchemaChange = 'none' | 'expand' | 'contract';

/** An immutable artefact with a version, a commit and a digest. */
export interface Build {
  id: BuildId;
  /** CloudEvents `source`: builds are ordered by number within one source and definition only. */
  source: string;
  version: Version;
  commit: { sha: string; ref?: string | undefined; repository?: string | undefined };
  /** At most 100. */
  commits: Commit[];
  artifact: { url: string; sha256: Sha256; size?: number | undefined };
  number?: number | undefined;
  definition?: string | undefined;
  url?: string | undefined;
  finishedAt: Date;
  arrivedAt: Date;
  requestedBy?: Person | undefined;
  schemaChange: SchemaChange;
}

/** What the lane row keeps of a build; the rest is in the row `build!<id>`. */
export type BuildRef = Pick<
  Build,
  'id' | 'source' | 'version' | 'number' | 'definition' | 'finishedAt' | 'arrivedAt' | 'schemaChange'
> & { sha256: Sha256 };

/**
 * What a slot says it holds: the active Kudu deployment id and, where a path is configured, the version the app answers
 * from inside its package. `null`: none, or not configured.
 */
export interface Identity {
  kudu: string | null;
  version: string | null;
}

export type MarkerKind = 'deploy' | 'rollback' | 'external' | 'config' | 'flag' | 'migration';

/** "Lane L ran version V from `liveAt` on." */
export interface Marker {
  lane: LaneId;
  id: string;
  kind: MarkerKind;
  version: Version;
  liveAt: Date;
  /** From the beginning of the last look that still saw the old build to the end of the first that saw the new one. */
  switchedBetween?: { from: Date; to: Date } | undefined;
  deployment?: DeploymentId | undefined;
  build?: BuildId | undefined;
  commit?: string | undefined;
  by?: string | undefined;
  text?: string | undefined;
  url?: string | undefined;
}

export type Verdict = 'good' | 'bad' | 'inconclusive';

export const laneId = (app: string, environment: string): LaneId => `${app}@${environment}` as LaneId;

export function appOf(lane: LaneId): AppName {
  return lane.slice(0, lane.indexOf('@')) as AppName;
}

export function environmentOf(lane: LaneId): EnvironmentName {
  return lane.slice(lane.indexOf('@') + 1) as EnvironmentName;
}

/** What of a build the lane row needs to order, stage and judge it. */
export function refOf(build: Build): BuildRef {
  const { id, source, version, number, definition, finishedAt, arrivedAt, schemaChange } = build;
  return {
    id,
    source,
    version,
    number,
    definition,
    finishedAt,
    arrivedAt,
    schemaChange,
    sha256: build.artifact.sha256,
  };
}

/** The last branch of every switch over a union: a case that was forgotten does not compile. */
export function assertNever(value: never): never {
  throw new Error(`unexpected: ${JSON.stringify(value)}`);
}
