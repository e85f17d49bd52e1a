import { createHash, randomUUID } from 'node:crypto';
import { ARTEFACT, VISITOR } from '../canaries.ts';

/** What a build event says, beside what every one of these tests has alike. */
export interface BuildFacts {
  id?: string;
  app?: string;
  environment?: string;
  version?: string;
  number?: number;
  url?: string;
  sha256?: string;
  finishedAt?: Date;
}

export const buildSource = '/ci/tests';

/** Signed, as a build system's storage does it. */
export const PACKAGE = `https://builds.example/shop.zip?se=2030-01-01&sig=${ARTEFACT}`;

const hex = (text: string, algorithm: 'sha1' | 'sha256'): string => createHash(algorithm).update(text).digest('hex');

/** A finished build as its build system tells of it. */
export function buildEvent(facts: BuildFacts = {}) {
  const { id = randomUUID(), app = 'shop', environment = 'production', version = '1.0.0' } = facts;
  const { number = 1, url = PACKAGE, sha256 = hex(version, 'sha256') } = facts;
  return {
    specversion: '1.0',
    id,
    source: buildSource,
    type: 'io.warmswap.build.completed',
    data: {
      app,
      environment,
      version,
      status: 'succeeded',
      commit: { sha: hex(`${app} ${version}`, 'sha1') },
      artifact: { kind: 'zip', url, sha256 },
      build: { number, definition: 'main', finishedAt: (facts.finishedAt ?? new Date()).toISOString() },
    },
  };
}

/** One report, of the lane shop@production unless said otherwise. */
export function report(facts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    app: 'shop',
    environment: 'production',
    version: '1.0.0',
    occurredAt: new Date().toISOString(),
    level: 'error',
    request: { method: 'GET', url: `https://ada:${VISITOR}@shop.example/quote?code=${VISITOR}#token=${VISITOR}` },
    exceptions: [
      { type: 'QuoteError', message: 'no price', frames: [{ function: 'quote', module: 'pricing', inApp: true }] },
    ],
    ...facts,
  };
}

/** Reports, packed into one event. */
export const errorEvent = (data: unknown, id: string = randomUUID()) => ({
  specversion: '1.0',
  id,
  source: '/shop/tests',
  type: 'io.warmswap.error.reported',
  data,
});
