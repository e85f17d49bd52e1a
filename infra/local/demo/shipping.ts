import { setTimeout as sleep } from 'node:timers/promises';
import type { DeploymentRecord } from '../../../shared/lane/lane.ts';
import { appOf, environmentOf, type InputId } from '../../../shared/lane/words.ts';
import { inputIdOf } from '../../../shared/wire/ids.ts';
import { type BuildEvent, buildCompleted, commitOf, type Someone } from './event.ts';
import { type Flaw, makeBuild, tampered } from './sample-build.ts';
import { Stuck } from './until.ts';
import type { World } from './world.ts';

/** A build to ship, as its makers know it. */
export interface Release {
  version: string;
  number: number;
  by: Someone;
  commits: string[];
  flaw?: Flaw;
  /** The bytes that lie in storage are no longer those the event's digest names. */
  tampered?: boolean;
}

export interface Shipped {
  release: Release;
  event: BuildEvent;
  input: InputId;
  sha256: string;
  /** What Slack shows of the commits. */
  shas: string[];
  at: Date;
}

/** Makes the build, uploads it, and announces it on the queue, as a build system does. */
export async function ship(world: World, release: Release): Promise<Shipped> {
  const { announcer, lane } = world;
  const build = makeBuild(release.version, release.flaw);
  const stored = release.tampered === true ? tampered(build.zip) : build.zip;
  const url = await announcer.upload(`storefront-${release.version}.zip`, stored);
  const at = new Date();
  const event = buildCompleted({
    id: `build-${release.number}`,
    app: appOf(lane),
    environment: environmentOf(lane),
    build,
    url,
    sha256: build.sha256,
    number: release.number,
    requestedBy: release.by,
    commits: release.commits,
    at,
  });
  world.announced.set(release.version, event);
  await announcer.announce(event, event.id);
  const shas = release.commits.map((message) => commitOf(release.version, message).slice(0, 7));
  return { release, event, input: inputIdOf(lane, event.source, event.id), sha256: build.sha256, shas, at };
}

const LOOK_EVERY_MS = 150;

/** Shows the stages of the deployment of what was shipped as they come, until it has ended. Throws Stuck when it does not end in time. */
export async function follow(world: World, shipped: Shipped, withinMs: number): Promise<DeploymentRecord> {
  const { version } = shipped.release;
  const deadline = Date.now() + withinMs;
  let shown = 0;
  for (;;) {
    const record = (await world.tables.deployments()).find((each) => each.build.version === version);
    for (const { stage, at } of record?.stages.slice(shown) ?? []) {
      world.screen.stage(
        version,
        stage === 'done' ? `${record?.outcome}` : stage,
        at,
        stage === 'done' ? (record?.why ?? '') : '',
      );
    }
    shown = record?.stages.length ?? 0;
    world.screen.doing(record === undefined ? `${version} is announced` : `${version} ${record.stage}: ${record.why}`);
    if (record?.stage === 'done') return record;
    if (Date.now() > deadline) throw new Stuck(await whyStuck(world, shipped, record, withinMs));
    await sleep(LOOK_EVERY_MS, undefined, { signal: world.signal });
  }
}

async function whyStuck(
  world: World,
  { release: { version }, input }: Shipped,
  record: DeploymentRecord | undefined,
  withinMs: number,
): Promise<string> {
  const seconds = withinMs / 1_000;
  if (record !== undefined) return `${version} did not end within ${seconds} s; it is ${record.stage}: ${record.why}`;
  const told = await world.service
    .input(input)
    .catch((error: Error) => ({ state: 'unreadable', because: error.message }));
  return `no deployment of ${version} began within ${seconds} s; its event is ${told.state}${told.because === null ? '' : `: ${told.because}`}`;
}
