import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Received } from '../../../infra/local/app-service/control/request-log.ts';
import { type Announcer, openAnnouncer } from '../../../infra/local/demo/announce.ts';
import { buildCompleted } from '../../../infra/local/demo/event.ts';
import { askService, type ServiceView } from '../../../infra/local/demo/observe-service.ts';
import { makeBuild } from '../../../infra/local/demo/sample-build.ts';
import { type Stack, startStack } from '../../../infra/local/stack.ts';
import { appsFile, laneOf } from '../apps-file.ts';
import { median, quantile } from '../quantile.ts';

/** Milliseconds. */
export interface FirstCall {
  builds: number;
  /** From the send of the build event to the first request that ARM receives for its deployment. */
  medianMs: number;
  p99Ms: number;
  /** Medians of the parts: until the queue has taken the event, until the lane has decided, until ARM is asked. */
  acceptedMs: number;
  decidedMs: number;
  calledMs: number;
  /** The first build of a process, which loads what deployments need. */
  firstInProcessMs: number;
}

const LANES = 4;
const BUILDS = 40;
/** A lane's turn comes after its session was let go: builds are minutes apart. */
const EVERY_MS = 600;
const WITHIN_MS = 20_000;
/** Nothing looks at a site by itself while this is measured. */
const NO_PATROL_MS = 600_000;

interface Sent {
  version: string;
  app: number;
  sentAt: number;
  acceptedAt: number;
}

interface Deployment {
  build: { version: string };
  stage: string;
  stages: { stage: string; at: string }[];
}

export async function measureFirstCall(dir: string): Promise<FirstCall> {
  const stack = await startStack({
    portBase: 0,
    dataDir: mkdtempSync(join(dir, 'builds-')),
    appsFile: appsFile(dir, LANES),
    timing: { patrolMs: NO_PATROL_MS },
    inMemory: true,
  });
  const announcer = openAnnouncer(stack.addresses);
  const service = askService(stack.addresses.service, stack.addresses.token);
  try {
    await adopted(service);
    const url = await announcer.upload('bench.zip', makeBuild('1.0.0').zip);
    const [first, ...measured] = await sendAll(announcer, service, url);
    for (let app = 0; app < LANES; app += 1) await laneIsFree(service, app, buildsOf(app));
    const calls = await received(stack);
    const deployments = await deploymentsOf(service);
    const times = measured.map((sent) => timesOf(sent, deployments, calls));
    const all = times.map(({ call }) => call);
    return {
      builds: times.length,
      medianMs: median(all),
      p99Ms: quantile(all, 0.99),
      acceptedMs: median(times.map(({ accepted }) => accepted)),
      decidedMs: median(times.map(({ accepted, decided }) => decided - accepted)),
      calledMs: median(times.map(({ decided, call }) => call - decided)),
      firstInProcessMs: first === undefined ? Number.NaN : timesOf(first, deployments, calls).call,
    };
  } finally {
    await announcer.close();
    await stack.close();
  }
}

/**
 * Lane after lane, one build each. The digest they name is not that of the package, so each ends after the look at its site and the
 * copy: the lane is free when its next turn comes. The first build is of a process that has deployed nothing yet.
 */
async function sendAll(announcer: Announcer, service: ServiceView, url: string): Promise<Sent[]> {
  const all: Sent[] = [];
  for (let number = 0; number <= BUILDS; number += 1) {
    const app = number % LANES;
    const version = `1.0.${number}`;
    const id = randomUUID();
    const event = buildCompleted({
      id,
      app: `bench${app}`,
      environment: 'production',
      build: makeBuild(version),
      url,
      sha256: createHash('sha256').update(version).digest('hex'),
      number: number + 1,
      requestedBy: { name: 'Ada', email: 'ada@example.com' },
      commits: ['measure the way from the event to the site'],
      at: new Date(),
    });
    await laneIsFree(service, app, Math.floor(number / LANES));
    const sentAt = Date.now();
    await announcer.announce(event, id);
    all.push({ version, app, sentAt, acceptedAt: Date.now() });
    await sleep(number === 0 ? 4 * EVERY_MS : EVERY_MS);
  }
  return all;
}

function timesOf(sent: Sent, deployments: Deployment[], calls: Received[]) {
  const deployment = deployments.find(({ build }) => build.version === sent.version);
  const begun = Date.parse(deployment?.stages.find(({ stage }) => stage === 'staging')?.at ?? '');
  // The lane has one deployment at a time: from its beginning on, who asks for the site is this one.
  const call = calls.find(({ site, path, at }) => isOf(sent, site, path) && Date.parse(at) >= begun);
  if (call === undefined) throw new Error(`${sent.version} never reached its site`);
  return {
    accepted: sent.acceptedAt - sent.sentAt,
    decided: begun - sent.sentAt,
    call: Date.parse(call.at) - sent.sentAt,
  };
}

/** How many of the builds 0 … BUILDS go to the app. */
const buildsOf = (app: number): number => Math.floor((BUILDS - app) / LANES) + 1;

const isOf = ({ app }: Sent, site: string | null, path: string): boolean =>
  site === `bench${app}` || new RegExp(`/sites/bench${app}([/?]|$)`).test(path);

async function deploymentsOf(service: ServiceView): Promise<Deployment[]> {
  const lanes = await Promise.all(
    Array.from({ length: LANES }, (_, app) => service.get(`/api/v1/deployments?lane=${laneOf(app)}&most=200`)),
  );
  return lanes.flatMap((lane) => (lane as { deployments: Deployment[] }).deployments);
}

/** So many builds of the lane have ended, and nothing moves in it. */
async function laneIsFree(service: ServiceView, app: number, ended: number): Promise<void> {
  await until(`a deployment of ${laneOf(app)} did not end`, async () => {
    const lane = (await service.get(`/api/v1/deployments?lane=${laneOf(app)}&most=200`)) as {
      deployments: Deployment[];
    };
    return lane.deployments.length === ended && lane.deployments.every(({ stage }) => stage === 'done');
  });
}

/** The lanes know what runs: their first contact is not part of what is measured. */
async function adopted(service: ServiceView): Promise<void> {
  await until('the sites were not adopted', async () => {
    const { lanes } = (await service.get('/api/v1/lanes')) as { lanes: { live: unknown }[] };
    return lanes.length === LANES && lanes.every(({ live }) => live !== null);
  });
}

async function until(what: string, is: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + WITHIN_MS;
  while (!(await is())) {
    if (Date.now() > end) throw new Error(what);
    await sleep(200);
  }
}

async function received({ addresses }: Stack): Promise<Received[]> {
  const answer = await fetch(`${addresses.control}/_control/requests?since=0`);
  return ((await answer.json()) as { requests: Received[] }).requests;
}
