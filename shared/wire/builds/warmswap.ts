import * as v from 'valibot';
import type { AppName, Build, Commit, EnvironmentName } from '../../lane/words.ts';
import { MOST_COMMITS, person } from '../build-shape.ts';
import { dataOf, envelope } from '../cloud-event.ts';
import { type Decoded, decoded, decodeWith, refused } from '../decode.ts';
import { buildId } from '../ids.ts';
import { appName, environmentName, instant, maybe, sha256, textUpTo, version, wholeNumber } from '../words.ts';
import { artifactAddress, buildNumber, commitSha, firstLine, webAddress } from './facts.ts';

/** What is known of a build that has nothing to deploy. */
export type UnbuiltFacts = Omit<Build, 'id' | 'artifact' | 'arrivedAt'>;

/** `io.warmswap.build.completed`, read. Whether it is too old is judged by whoever has a clock. */
export type BuildCompleted = {
  /** Deduplicated on source and id. */
  event: { id: string; source: string; time?: Date | undefined };
  app: AppName;
  /** None named: the app's first. */
  environment?: EnvironmentName | undefined;
} & (
  | { status: 'succeeded'; build: Omit<Build, 'arrivedAt'> }
  /** Nothing to deploy; there may be no artefact at all. */
  | { status: 'failed' | 'cancelled'; build: UnbuiltFacts }
);

const commit = v.pipe(
  v.object({
    sha: commitSha,
    message: v.pipe(v.string(), v.transform(firstLine)),
    author: person,
    timestamp: maybe(instant),
  }),
  v.transform((read): Commit => read),
);

const zip = v.object({
  kind: v.literal('zip'),
  url: artifactAddress,
  sha256,
  size: maybe(wholeNumber(1, Number.MAX_SAFE_INTEGER)),
});

const common = {
  app: appName,
  environment: maybe(environmentName),
  version,
  commit: v.object({ sha: commitSha, ref: maybe(textUpTo(500)), repository: maybe(textUpTo(500)) }),
  // Cut before it is walked: a first build may name the whole history.
  commits: maybe(
    v.pipe(
      v.array(v.unknown()),
      v.transform((all) => all.slice(0, MOST_COMMITS)),
      v.array(commit),
    ),
  ),
  build: v.object({
    number: maybe(buildNumber),
    definition: maybe(textUpTo(500)),
    url: maybe(webAddress),
    finishedAt: maybe(instant),
  }),
  requestedBy: maybe(person),
  schemaChange: maybe(v.picklist(['none', 'expand', 'contract'])),
};

const data = v.variant('status', [
  v.object({ ...common, status: v.literal('succeeded'), artifact: zip }),
  v.object({ ...common, status: v.picklist(['failed', 'cancelled']) }),
]);

export const buildEvent = v.object({ ...envelope, type: v.literal('io.warmswap.build.completed'), data: dataOf(data) });

/** Only as much as tells a container apart, whose other fields are not ours to judge. */
const container = v.object({ data: dataOf(v.object({ artifact: v.object({ kind: v.literal('container') }) })) });

/** Reads our own build event: CloudEvents 1.0 in structured JSON. Unknown fields are passed over, so that senders may say more. */
export function decodeBuildCompleted(raw: unknown): Decoded<BuildCompleted> {
  if (decodeWith(container, raw).ok) {
    return refused('data.artifact.kind: containers are not deployed yet; send a zip with its url and sha256');
  }
  const read = decodeWith(buildEvent, raw);
  if (!read.ok) return read;
  const { id, source, time, data } = read.value;
  const finishedAt = data.build.finishedAt ?? time;
  if (finishedAt === undefined) {
    return refused('data.build.finishedAt: is missing, and so is time; builds are ordered by one of them');
  }
  const { app, environment, version, commit, commits = [], requestedBy, schemaChange = 'none' } = data;
  const { number, definition, url } = data.build;
  const facts: UnbuiltFacts = {
    source,
    version,
    commit,
    commits,
    number,
    definition,
    url,
    finishedAt,
    requestedBy,
    schemaChange,
  };
  const heard = { event: { id, source, time }, app, environment };
  if (data.status !== 'succeeded') return decoded({ ...heard, status: data.status, build: facts });
  const { url: address, sha256, size } = data.artifact;
  const build = { ...facts, id: buildId(version, commit.sha, sha256), artifact: { url: address, sha256, size } };
  return decoded({ ...heard, status: 'succeeded', build });
}
