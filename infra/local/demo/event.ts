import { createHash } from 'node:crypto';
import type { SampleBuild } from './sample-build.ts';

/** Who asked for a build. */
export interface Someone {
  name: string;
  email: string;
}

/** What a build event is made of beside the build itself. */
export interface EventFacts {
  id: string;
  app: string;
  environment: string;
  build: SampleBuild;
  /** Where the package lies; whoever has it may read the package. */
  url: string;
  /** The digest the event names; that of the package, unless something is wrong. */
  sha256: string;
  number: number;
  requestedBy: Someone;
  commits: string[];
  at: Date;
}

export type BuildEvent = { id: string; source: string } & Record<string, unknown>;

export const SOURCE = '/ci/storefront';

/** The event of a finished build as a build system sends it: CloudEvents 1.0, structured JSON. */
export function buildCompleted(facts: EventFacts): BuildEvent {
  const { id, app, environment, build, url, sha256, number, requestedBy, commits, at } = facts;
  const shas = commits.map((message) => commitOf(build.version, message));
  return {
    specversion: '1.0',
    id,
    source: SOURCE,
    type: 'io.warmswap.build.completed',
    time: at.toISOString(),
    datacontenttype: 'application/json',
    data: {
      app,
      environment,
      version: build.version,
      status: 'succeeded',
      commit: {
        sha: shas.at(-1) ?? commitOf(build.version, ''),
        ref: 'refs/heads/main',
        repository: 'https://github.com/example/storefront',
      },
      commits: commits.map((message, index) => ({
        sha: shas[index],
        message,
        author: requestedBy,
        timestamp: at.toISOString(),
      })),
      artifact: { kind: 'zip', url, sha256, size: build.zip.byteLength },
      build: {
        id: `run-${number}`,
        number,
        definition: 'storefront-main',
        url: `https://ci.example/storefront/runs/${number}`,
        startedAt: new Date(at.getTime() - 95_000).toISOString(),
        finishedAt: at.toISOString(),
      },
      requestedBy,
    },
  };
}

/** The same version and message give the same commit id. */
export const commitOf = (version: string, message: string): string =>
  createHash('sha1')
    .update(JSON.stringify([version, message]))
    .digest('hex');
