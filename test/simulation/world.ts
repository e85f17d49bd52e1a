import type { Bus } from '../../shared/adapters/service-bus/bus.ts';
import { errorReportOutbox, eventOutbox, inbox, packageOrders } from '../../shared/adapters/service-bus/outboxes.ts';
import { replayer } from '../../shared/adapters/service-bus/replayer.ts';
import { deadLetterStore } from '../../shared/adapters/tables/dead-letter-store.ts';
import { errorStore } from '../../shared/adapters/tables/error-store.ts';
import { laneStore } from '../../shared/adapters/tables/lane-store.ts';
import { markerStore } from '../../shared/adapters/tables/marker-store.ts';
import { noticeStore } from '../../shared/adapters/tables/notice-store.ts';
import { Conflict } from '../../shared/adapters/tables/table.ts';
import type { Policy, Timing } from '../../shared/lane/policy.ts';
import { type InputId, laneId } from '../../shared/lane/words.ts';
import { type PackageStore, type Ports, Unavailable } from '../../shared/ports.ts';
import type { MemoryQueue } from '../ports/memory-bus.ts';
import { type MemoryRows, memoryTable, type Passage } from '../ports/memory-table.ts';
import { noScope } from '../ports/no-scope.ts';
import type { Core, Worker } from './core.ts';
import type { Laws } from './laws.ts';
import type { Network } from './network.ts';
import type { Content, Site } from './site.ts';
import { sitePort } from './site-port.ts';

export const lane = laneId('shop', 'production');

/** What everybody shares: the rows, the queues, the site. What happens to it on the way is each worker's own. */
export interface World {
  core: Core;
  laws: Laws;
  site: Site;
  network: Network;
  policy: Policy;
  timing: Timing;
  rows: Record<'lanes' | 'markers' | 'deltas' | 'groups' | 'letters', MemoryRows>;
  queues: Record<'builds' | 'lanes' | 'packages' | 'error-reports' | 'deployment-events', MemoryQueue>;
  contentAt(packageUrl: string): Omit<Content, 'kudu'>;
  /** Events of builds, repeats included, that were not sent yet. */
  eventsToCome: number;
  /** The inputs that the events so far become. */
  announced: Set<InputId>;
  /** Whether a slot is identified by the app setting beside its content, instead of by the content. */
  labels: boolean;
  /** Seam for what is planted: the ports as they are handed to a worker. */
  altered(ports: Ports, worker: Worker): Ports;
}

const tablesDownMs = 12_000;
const busDownMs = 15_000;

/** The ports of one worker: the real adapters of tables and messages over what is in memory. */
export function portsOf(world: World, worker: Worker): Ports {
  const { core, rows } = world;
  const now = (): Date => new Date(core.time.now() + worker.skewMs);
  const passage = tablePassage(core, worker);
  const table = (of: MemoryRows) => memoryTable(of, passage);
  const bus = busOf(world, worker);
  return world.altered(
    {
      now,
      monotonic: () => core.time.now() - worker.monotonicLagMs,
      newId: () => core.dice.id(),
      timing: world.timing,
      stopped: false,
      apps: { policy: () => world.policy, lanes: () => [lane], defaultEnvironment: () => 'production' },
      lanes: laneStore(table(rows.lanes)),
      inbox: inbox(bus),
      packageOrders: packageOrders(bus),
      errorReports: errorReportOutbox(bus, noScope.trace),
      events: eventOutbox(bus, noScope.trace),
      site: sitePort({ ...world, looked: (...look) => world.laws.swaps.looked(...look) }, worker, now),
      packages: packagesOf(world, worker),
      markers: markerStore(table(rows.markers)),
      errors: errorStore({ deltas: table(rows.deltas), groups: table(rows.groups) }, now),
      deadLetters: deadLetterStore(table(rows.letters)),
      replayer: replayer(bus),
      notices: noticeStore(table(rows.lanes)),
      messenger: null,
      responder: { respond: async () => ({ posted: true }) },
      people: null,
      log: { info: () => {}, error: (what, facts) => core.say(worker.name, `${what} ${JSON.stringify(facts)}`) },
      scope: noScope,
    },
    worker,
  );
}

/** Nothing written and no answer; written and no answer; written, and the client's own repetition told of a conflict. */
function tablePassage(core: Core, worker: Worker): Passage {
  return async ({ what, does }, run) => {
    if (core.faults.strikes('tables', does === 'read' ? 0.003 : 0.01)) {
      const fate =
        does === 'read' ? 'before' : core.dice.pick(['before', 'after', does === 'write' ? 'after' : 'echo']);
      if (fate !== 'before') await core.pass(worker, `${what} (answer lost: ${fate})`, run);
      const isEcho = fate === 'echo';
      await core.wait(worker, `${what}: ${isEcho ? 'conflict' : 'no answer'}`, isEcho ? 500 : tablesDownMs);
      if (isEcho) throw new Conflict(what);
      throw new Unavailable(`${what}: the tables do not answer`);
    }
    return core.pass(worker, what, run);
  };
}

function busOf({ core, queues }: World, worker: Worker): Bus {
  const send: Bus['send'] = async (entity, message) => {
    const queue = Object.values(queues).find(({ name }) => name === entity);
    if (queue === undefined) throw new Error(`there is no ${entity}`);
    const run = (): void => {
      if (!queue.send(message)) core.say('bus', `drops ${message.messageId}: seen lately`);
    };
    const what = `send ${entity} ${message.messageId}`;
    if (core.faults.strikes('bus', 0.02)) {
      if (core.dice.chance(0.5)) await core.pass(worker, `${what} (answer lost)`, run);
      await core.wait(worker, `${what}: no answer`, busDownMs);
      throw new Unavailable(`${what}: Service Bus does not answer`);
    }
    await core.pass(worker, what, run);
  };
  return { send, close: async () => {} };
}

/** Packages by digest; the source of an artefact may be down. */
function packagesOf(world: World, worker: Worker): PackageStore {
  const { core } = world;
  return {
    copy: async (url, _sha256) => {
      if (core.faults.strikes('site-down', 0.2)) {
        await core.wait(worker, `copy ${url}: no answer`, 20_000);
        throw new Unavailable(`${url} does not answer`);
      }
      await core.wait(worker, `copy ${url}`, core.dice.between(500, 20_000));
      if (world.contentAt(url).traits.badDigest) return { copied: false, because: 'its bytes do not match its digest' };
      return { copied: true, size: 1_000 };
    },
    has: async () => true,
    readUrl: (sha256) => core.pass(worker, 'address of the package', () => `https://packages.example/${sha256}.zip`),
  };
}
