import type { ErrorReport } from '../../shared/correlation/words.ts';
import { type Deployment, emptyLane } from '../../shared/lane/lane.ts';
import type { OutgoingEvent } from '../../shared/lane/outgoing.ts';
import type { Policy } from '../../shared/lane/policy.ts';
import type { DeploymentId, Fingerprint, LaneId, Marker, Version } from '../../shared/lane/words.ts';
import {
  type Answer,
  type DeadLetter,
  type ErrorGroup,
  type Ports,
  Unavailable,
  Unreadable,
} from '../../shared/ports.ts';
import type { AppendPorts, DecodedErrors } from '../../shared/use-cases/append-errors.ts';
import type { FoldAllPorts } from '../../shared/use-cases/fold-all.ts';
import { at, report } from '../correlation/error-report.ts';
import { MemoryErrorStore, MemoryMarkerStore } from '../ports/memory-errors.ts';

export class Crash extends Error {}

export const lane = 'storefront@production' as LaneId;
export const version = (text: string): Version => text as Version;
export const fingerprint = (text: string): Fingerprint => text as Fingerprint;

export type WorldPorts = AppendPorts & FoldAllPorts & Pick<Ports, 'site'>;

/** What happens to the n-th call of a port: it never arrives, or its answer is lost. */
export type Blow = { call: number; when: 'before' | 'after'; as: () => Error };

/** Everything the error side needs, working, in memory. */
export class World {
  now = at('12:00:00');
  readonly errors = new MemoryErrorStore();
  readonly markers = new MemoryMarkerStore();
  readonly published: OutgoingEvent[] = [];
  readonly letters = new Map<string, DeadLetter>();
  readonly logged: string[] = [];
  readonly measured: Record<string, unknown>[] = [];
  /** What moves in each lane. */
  active: Deployment | null = null;
  topicIsDown = false;
  answers: (path: string) => Answer = () => ({ answered: true, status: 200, headers: {}, body: 'ok', latencyMs: 12 });
  asked: string[] = [];
  calls = 0;
  blow: Blow | null = null;

  get requests(): number {
    return this.errors.requests + this.markers.requests;
  }

  readonly ports: WorldPorts = {
    now: () => this.now,
    apps: {
      lanes: () => [lane, 'storefront@test' as LaneId, 'billing@production' as LaneId],
      policy: () => {
        throw new Unreadable('not asked for here');
      },
      defaultEnvironment: () => null,
    },
    errors: this.#shaken(this.errors),
    markers: this.#shaken(this.markers),
    events: this.#shaken({
      publish: async (event: OutgoingEvent) => {
        if (this.topicIsDown) throw new Unavailable('the topic is down');
        this.published.push(structuredClone(event));
      },
    }),
    deadLetters: this.#shaken({
      put: async (letter: DeadLetter) => void this.letters.set(`${letter.source}!${letter.id}`, letter),
      get: async (source: string, id: string) => this.letters.get(`${source}!${id}`) ?? null,
      list: async () => [...this.letters.values()],
      countReplay: async () => 1,
    }),
    log: {
      info: (what, facts) => (what === 'metric' ? void this.measured.push(facts) : undefined),
      error: (what) => void this.logged.push(what),
    },
    monotonic: () => this.now.getTime(),
    lanes: {
      load: async (of: LaneId) => ({ lane: { ...emptyLane(of), active: this.active } }),
    } as unknown as Ports['lanes'],
    site: {
      ask: async (_: unknown, slot: string, { path }: { path: string }) => {
        this.asked.push(`${slot}${path}`);
        return this.answers(path);
      },
    } as unknown as Ports['site'],
  };

  /** Counts every call of the port, and lets the blow fall on the one it names. */
  #shaken<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return async (...parameters: unknown[]) => {
          this.calls += 1;
          const blow = this.blow?.call === this.calls ? this.blow : null;
          if (blow?.when === 'before') throw blow.as();
          const answer: unknown = await method.apply(target, parameters);
          if (blow?.when === 'after') throw blow.as();
          return answer;
        };
      },
    });
  }

  /** A going live, some minutes after it began to be switched. */
  async goesLive(text: string, liveAt: Date, changes: Partial<Marker> = {}): Promise<void> {
    await this.markers.put({
      lane,
      id: `${text}@${liveAt.getTime()}`,
      kind: 'deploy',
      version: version(text),
      liveAt,
      deployment: `deployment-of-${text}` as DeploymentId,
      ...changes,
    });
  }

  async group(of: ErrorReport, fingerprintOf: (report: ErrorReport) => Fingerprint): Promise<ErrorGroup> {
    const stored = await this.errors.group(lane, fingerprintOf(of));
    if (stored === null) throw new Error('there is no such group');
    return stored.group;
  }

  notices(): string[] {
    return this.published
      .filter(({ type }) => type === 'io.warmswap.error-group.announced')
      .map(({ data }) => `${data.kind} in ${data.version}`);
  }
}

export const message = (id: string, ...reports: ErrorReport[]): DecodedErrors => ({
  event: { source: '/shop', id },
  reports,
});

/** An error of its own: another function, hence another fingerprint. */
export const failing = (name: string, changes: Parameters<typeof report>[0] = {}): ErrorReport =>
  report({
    exceptions: [
      { type: 'Error', message: `${name} failed`, frames: [{ function: name, file: '/srv/app.js', inApp: true }] },
    ],
    ...changes,
  });

export const policy: Policy = {
  mode: 'swap',
  site: { subscriptionId: 's', resourceGroup: 'g', name: 'shop', slot: 'staging' },
  warmUp: { path: '/', statuses: [200], timesInARow: 1, everyMs: 1_000, deadlineMs: 60_000 },
  checks: [{ name: 'home', path: '/', status: 200 }],
  approval: { required: false },
  watch: { forMs: 600_000, everyMs: 15_000 },
  errorLimits: { newGroupReports: 5, ratio: 3, perMinute: 10 },
  rollback: { mode: 'automatic', askExpiresAfterMs: 60_000, holdAfter: false },
  operators: [],
  arrivals: { mode: 'supersede' },
};
