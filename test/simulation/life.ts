import type { Scheduler } from 'fast-check';
import type { Policy, Timing } from '../../shared/lane/policy.ts';
import type { Build, BuildId, InputId, Sha256, Version } from '../../shared/lane/words.ts';
import type { Ports } from '../../shared/ports.ts';
import { AZURE } from '../../shared/wire/durations.ts';
import { MemoryQueue, type QueueSettings } from '../ports/memory-bus.ts';
import { MemoryRows } from '../ports/memory-table.ts';
import { commandsOf } from './commands.ts';
import { consume, sweepEachMinute } from './consumers.ts';
import { Core, type Worker } from './core.ts';
import { Dice } from './dice.ts';
import { endsWell } from './end.ts';
import { Failed } from './failed.ts';
import { Faults, type Weights } from './faults.ts';
import { hintAt } from './hints.ts';
import { Laws } from './laws.ts';
import { Network } from './network.ts';
import { actByHand } from './person.ts';
import { type BuildPlan, good, type Scenario, type Traits } from './scenario.ts';
import { type Content, Site } from './site.ts';
import { VirtualTime } from './virtual-time.ts';
import { lane, type World } from './world.ts';

/** What a planted bug may change of the world; product code is changed by module mocks. */
export interface Planted {
  timing?: Partial<Timing>;
  ports?: (ports: Ports, worker: Worker) => Ports;
  /** Where a bug shows only now and then, what shows it is made likelier. */
  weights?: Weights;
  /** Workers die and stand still only while a swap is about to be claimed or sent. */
  onlyInSwaps?: true;
  stallsMs?: readonly [number, ...number[]];
  unwatched?: string[];
  /** A worker dies at this await, counted from one. */
  dieAt?: number;
  /** Told of the world before anything happens in it. */
  observed?: (world: World) => void;
  /** A slot is identified by the app setting beside its content. */
  labels?: true;
}

export interface Lived {
  core: Core;
  laws: Laws;
  site: Site;
  world: World;
}

const begin = Date.UTC(2026, 2, 1, 10);
/** Faults end then, and by `latest` everything has to. */
const faultsMs = 90 * 60_000;
const latestMs = 10 * 60 * 60_000;
const ping = { path: '/health', statuses: '200' };
const pingSettings = { WEBSITE_SWAP_WARMUP_PING_PATH: ping.path, WEBSITE_SWAP_WARMUP_PING_STATUSES: ping.statuses };
const queue: QueueSettings = { sessions: false, duplicateWindowMs: 10 * 60_000, mostDeliveries: 10 };

/** One life of a lane, from its first event until nothing is left to do. Throws the law that was broken. */
export async function live(scheduler: Scheduler, scenario: Scenario, planted: Planted = {}): Promise<Lived> {
  const world = worldOf(scheduler, scenario, planted);
  const { core, laws, site } = world;
  planted.observed?.(world);
  for (const [index, plan] of scenario.builds.entries()) announceBuild(world, index, plan);
  if (scenario.person !== null) actByHand(world, scenario.person);
  hintAt(world, scenario.seed);
  const commands = commandsOf(world, scenario.commands);
  consume(world, (index) => buildOf(scenario, index));
  sweepEachMinute(world);
  try {
    await core.run(endsWell(world, commands), begin + latestMs);
  } catch (error) {
    throw new Failed(error, core.trace);
  }
  return { core, laws, site, world };
}

function worldOf(scheduler: Scheduler, scenario: Scenario, planted: Planted): World {
  const time = new VirtualTime(begin);
  const dice = new Dice(scenario.seed);
  const core = new Core(
    scheduler,
    time,
    dice,
    new Faults(scenario.faults, dice, time, begin + faultsMs, planted.weights),
  );
  const laws = new Laws(core);
  const network = new Network(core, (kind, intent) => laws.swaps.posted(kind, intent));
  const settings = { FEATURE: 'on', ...(scenario.pingIsSet ? pingSettings : {}) };
  const site = new Site(core, laws.swaps, contentBefore('0.9.0'), contentBefore('0.8.0'), ping, settings);
  laws.watch(site, network);
  const rows = {
    lanes: new MemoryRows('Lanes'),
    markers: new MemoryRows('Markers'),
    deltas: new MemoryRows('ErrorDeltas'),
    groups: new MemoryRows('ErrorGroups'),
    letters: new MemoryRows('DeadLetters'),
  };
  rows.lanes.written = (writes) => laws.written(writes);
  core.dieAt = planted.dieAt ?? null;
  core.acting = () => laws.acting;
  core.onlyIn = planted.onlyInSwaps ? 'swap' : null;
  for (const law of planted.unwatched ?? []) laws.unwatched.add(law);
  core.stallsMs = planted.stallsMs ?? core.stallsMs;
  return {
    core,
    laws,
    site,
    network,
    policy: policyOf(scenario),
    timing: { ...AZURE, ...planted.timing },
    rows,
    queues: {
      builds: new MemoryQueue('builds', queue, time),
      lanes: new MemoryQueue('lanes', { ...queue, sessions: true }, time),
      packages: new MemoryQueue('packages', queue, time),
      'error-reports': new MemoryQueue('error-reports', queue, time),
      'deployment-events': new MemoryQueue('deployment-events', { ...queue, sessions: true }, time),
    },
    contentAt: (url) => contentOf(scenario, indexIn(url)),
    eventsToCome: 0,
    announced: new Set(),
    labels: planted.labels ?? false,
    altered: planted.ports ?? ((ports) => ports),
  };
}

function policyOf({ approval, rollback, arrivals }: Scenario): Policy {
  return {
    mode: 'swap',
    site: { subscriptionId: 's', resourceGroup: 'g', name: 'shop', slot: 'staging' },
    versionFrom: { path: '/version' },
    // The deadline is longer than a message's lock: whoever dies while it warms leaves time for the next.
    warmUp: { path: ping.path, statuses: [200], timesInARow: 2, everyMs: 5_000, deadlineMs: 300_000 },
    checks: [{ name: 'home', path: '/', status: 200 }],
    approval: approval
      ? {
          required: true,
          approvers: ['Ada'],
          mayApproveOwn: true,
          breakGlass: [],
          expiresAfterMs: 600_000,
          remindBeforeMs: 60_000,
        }
      : { required: false },
    operators: [],
    watch: { forMs: 30_000, everyMs: 15_000 },
    errorLimits: { newGroupReports: 3, ratio: 3, perMinute: 10 },
    rollback: { mode: rollback, askExpiresAfterMs: 300_000, holdAfter: false },
    arrivals: arrivals === 'queue' ? { mode: 'queue', limit: 20 } : { mode: 'supersede' },
  };
}

export const versionOf = (index: number): Version => `1.${index}.0` as Version;
const digestOf = (index: number): Sha256 => String(index).padStart(64, '0') as Sha256;
const indexIn = (url: string): number => Number(/(\d+)\.zip$/.exec(url)?.[1] ?? Number.NaN);
/** The input a build's event becomes. */
export const inputOf = (event: BuildEvent): InputId =>
  `${lane}~event${event.build}${event.again ? 'again' : ''}` as InputId;

function buildOf(_scenario: Scenario, index: number): Omit<Build, 'arrivedAt'> {
  return {
    id: `build${index}` as BuildId,
    source: 'https://ci.example/shop',
    version: versionOf(index),
    commit: { sha: 'c0ffee' },
    commits: [],
    artifact: { url: `https://ci.example/${index}.zip`, sha256: digestOf(index) },
    number: index,
    finishedAt: new Date(begin - 60_000),
    schemaChange: 'none',
  };
}

function contentOf({ builds }: Scenario, index: number): Omit<Content, 'kudu'> {
  const traits: Traits = builds[index]?.traits ?? good;
  const version = versionOf(index);
  return { version, label: version, by: 'us', build: index, traits, verified: false, badFrom: null };
}

function contentBefore(version: string): Content {
  const common = { label: version, by: 'before', build: null, traits: good, verified: true, badFrom: null } as const;
  return { ...common, kudu: `k-${version}`, version };
}

/** What travels on the queue of builds: the same build may be announced by another event. */
export interface BuildEvent {
  build: number;
  again: boolean;
}

/** The event comes as often as planned, each time as a message of its own, some of them late, and some as an event of their own. */
function announceBuild(world: World, index: number, plan: BuildPlan): void {
  const { core, queues } = world;
  for (let copy = 0; copy < plan.copies; copy += 1) {
    const after = plan.afterMs + (copy === 0 ? 0 : core.dice.between(0, 900_000));
    const body: BuildEvent = { build: index, again: copy > 0 && core.dice.chance(0.3) };
    world.eventsToCome += 1;
    core.time.at(begin + after, () => {
      world.eventsToCome -= 1;
      world.announced.add(inputOf(body));
      queues.builds.send({ messageId: core.dice.id(), body });
    });
  }
}
