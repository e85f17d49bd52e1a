import fc from 'fast-check';
import type { Input } from '../../shared/lane/input.ts';
import type { Build, BuildId, DeploymentId, InputId, LaneId, Sha256, Version } from '../../shared/lane/words.ts';
import { isVersion } from '../../shared/wire/words.ts';

/** Values that can really occur, for round trips. */

const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/);
export const lanes = fc.tuple(name, name).map(([app, environment]) => `${app}@${environment}` as LaneId);
export const digests = fc.stringMatching(/^[0-9a-f]{64}$/).map((text) => text as Sha256);
export const versions = fc
  .oneof(fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }), fc.stringMatching(/^\d\.\d{1,3}\.\d{1,3}$/))
  .filter(isVersion)
  .map((text) => text as Version);
export const instants = fc.date({
  min: new Date('2000-01-01T00:00:00Z'),
  max: new Date('2199-12-31T00:00:00Z'),
  noInvalidDate: true,
});
export const deploymentIds = fc.stringMatching(/^[0-9a-z]{9}-[0-9a-z]{8}$/).map((text) => text as DeploymentId);
export const buildIds = fc.stringMatching(/^[0-9a-f]{16}$/).map((text) => text as BuildId);
export const texts = (most: number) =>
  fc
    .string({ minLength: 1, maxLength: most, unit: 'grapheme' })
    .filter((text) => text.length <= most && !/[\p{Cs}\0]/u.test(text));

const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const people = fc.record({ name: texts(200), email: maybe(fc.emailAddress()) });

export const builds: fc.Arbitrary<Build> = fc.record({
  id: buildIds,
  source: texts(100),
  version: versions,
  commit: fc.record({
    sha: fc.stringMatching(/^[0-9a-f]{40}$/),
    ref: maybe(texts(60)),
    repository: maybe(fc.webUrl()),
  }),
  commits: fc.array(
    fc.record({
      sha: fc.stringMatching(/^[0-9a-f]{40}$/),
      message: texts(200),
      author: people,
      timestamp: maybe(instants),
    }),
    { maxLength: 5 },
  ),
  artifact: fc.record({ url: fc.webUrl(), sha256: digests, size: maybe(fc.maxSafeNat()) }),
  number: maybe(fc.maxSafeNat()),
  definition: maybe(texts(60)),
  url: maybe(fc.webUrl()),
  finishedAt: instants,
  arrivedAt: instants,
  requestedBy: maybe(people),
  schemaChange: fc.constantFrom('none', 'expand', 'contract'),
});

const commands = fc.oneof(
  fc.record({ type: fc.constant('approve' as const), deployment: deploymentIds, build: buildIds }),
  fc.record({ type: fc.constant('reject' as const), deployment: deploymentIds, build: buildIds, reason: texts(200) }),
  fc.record({ type: fc.constant('roll-back' as const), sawLive: buildIds, reason: texts(200) }),
  fc.record({ type: fc.constant('end-watch' as const), deployment: deploymentIds, sawLive: buildIds }),
  fc.record({ type: fc.constant('hold' as const), reason: texts(200) }),
  fc.record({ type: fc.constant('release' as const) }),
  fc.record({
    type: fc.constant('retry' as const),
    deployment: deploymentIds,
    sawLive: fc.option(buildIds, { nil: null }),
  }),
  fc.record({ type: fc.constant('deploy' as const), build: buildIds, sawLive: fc.option(buildIds, { nil: null }) }),
);

const bodies = fc.oneof(
  fc.record({ type: fc.constant('build-arrived' as const), build: builds }),
  fc.record({ type: fc.constant('command' as const), by: fc.record({ name: texts(200) }), command: commands }),
  fc.record({ type: fc.constant('wake' as const), step: fc.maxSafeNat() }),
  fc.record({ type: fc.constant('site-changed' as const), request: fc.option(deploymentIds, { nil: null }) }),
  fc.record({
    type: fc.constant('package-copied' as const),
    deployment: deploymentIds,
    sha256: digests,
    attempt: fc.nat(),
  }),
  fc.record({
    type: fc.constant('package-refused' as const),
    deployment: deploymentIds,
    because: texts(500),
    attempt: fc.nat(),
  }),
);

export const inputs: fc.Arbitrary<Input> = fc
  .tuple(lanes, fc.stringMatching(/^[0-9a-f]{20}$/), bodies)
  .map(([lane, tail, body]) => ({ id: `${lane}~${tail}` as InputId, lane, ...body }));
